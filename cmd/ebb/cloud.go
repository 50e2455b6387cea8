package main

import (
	"os"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/sirupsen/logrus"

	"github.com/ebb-node/ebb/alicloud"
)

// credentialOptions let RRSA use the same region and the same network as the
// other calls: a VPC may have no way to the central address of STS.
func credentialOptions(o *options) alicloud.CredentialOptions {
	return alicloud.CredentialOptions{
		Getenv: os.Getenv,
		STS:    alicloud.RoleExchange{Region: o.region, VPC: o.vpcEndpoint},
	}
}

// newCloud builds what the clients of all products share; nothing is sent yet.
func newCloud(o *options, log logrus.FieldLogger, registry prometheus.Registerer) (*alicloud.Client, error) {
	credentials, err := alicloud.NewCredentials(credentialOptions(o))
	if err != nil {
		return nil, err
	}
	config := alicloud.Config{
		Region: o.region, VPC: o.vpcEndpoint, Credentials: credentials,
		Unlimited: o.cloudQuota == quotaLifted,
		UserAgent: "ebb/" + version, Logger: log, Metrics: registry,
		Endpoints: map[string]string{},
	}
	for product, endpoint := range map[string]string{"eci": o.endpoint, "ecs": o.ecsEndpoint, "slb": o.gateway.slbEndpoint} {
		if endpoint != "" {
			config.Endpoints[product] = endpoint
		}
	}
	return alicloud.New(config)
}
