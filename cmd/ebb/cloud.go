package main

import (
	"os"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/sirupsen/logrus"

	"github.com/ebb-node/ebb/alicloud"
)

// newCloud builds what the clients of all products share; nothing is sent yet.
func newCloud(o *options, log logrus.FieldLogger, registry prometheus.Registerer) (*alicloud.Client, error) {
	credentials, err := alicloud.NewCredentials(alicloud.CredentialOptions{Getenv: os.Getenv})
	if err != nil {
		return nil, err
	}
	config := alicloud.Config{
		Region: o.region, VPC: o.vpcEndpoint, Credentials: credentials,
		Unlimited: o.cloudQuota == quotaLifted,
		UserAgent: "ebb/" + version, Logger: log, Metrics: registry,
		Endpoints: map[string]string{},
	}
	for product, endpoint := range map[string]string{"eci": o.endpoint, "ecs": o.ecsEndpoint} {
		if endpoint != "" {
			config.Endpoints[product] = endpoint
		}
	}
	return alicloud.New(config)
}
