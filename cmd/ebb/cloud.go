package main

import (
	"os"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/sirupsen/logrus"

	"github.com/ebb-node/ebb/alicloud"
	"github.com/ebb-node/ebb/eci"
)

// newCloud builds the client of the cloud; nothing is sent yet.
func newCloud(o *options, log logrus.FieldLogger, registry prometheus.Registerer) (*eci.Client, error) {
	credentials, err := alicloud.NewCredentials(alicloud.CredentialOptions{Getenv: os.Getenv})
	if err != nil {
		return nil, err
	}
	config := alicloud.Config{
		Region: o.region, VPC: o.vpcEndpoint, Credentials: credentials,
		Unlimited: o.cloudQuota == quotaLifted,
		UserAgent: "ebb/" + version, Logger: log, Metrics: registry,
	}
	if o.endpoint != "" {
		config.Endpoints = map[string]string{"eci": o.endpoint}
	}
	client, err := alicloud.New(config)
	if err != nil {
		return nil, err
	}
	return eci.New(client), nil
}
