package main

import (
	"fmt"
	"time"

	"github.com/spf13/pflag"

	"github.com/ebb-node/ebb/gateway"
	"github.com/ebb-node/ebb/slb"
)

// gatewayOptions are the flags of the gateway and its relay.
type gatewayOptions struct {
	enabled            bool
	mode               string
	slbEndpoint        string
	internet, intranet []string
	most               int
	limits             slb.Limits // of a load balancer
	vpc                string
	defaultCertificate string // namespace/name
	cipherPolicy       string
	requestTimeout     time.Duration
	idleTimeout        time.Duration
	interval           time.Duration
	secretInterval     time.Duration
	namespace          string
	relayService       string // namespace/name
	relayPort          int
}

// mostServerNames is what the quota can be raised to
// (https://alibabacloud.com/help/en/slb/classic-load-balancer/user-guide/quotas).
const mostServerNames = 10

func (o *gatewayOptions) add(f *pflag.FlagSet) {
	f.BoolVar(&o.enabled, "gateway", true, "serve Knative Ingresses by load balancers, once Knative is installed")
	f.StringVar(&o.mode, "gateway-mode", string(gateway.ModeDirect),
		"direct: load balancers send requests to pods; relay: they pass TCP to the relay, for gRPC and all of an Ingress's features")
	f.StringVar(&o.slbEndpoint, "slb-endpoint", "", "URL of SLB; empty: slb.aliyuncs.com for all regions, or the region's with --vpc-endpoint")
	f.StringSliceVar(&o.internet, "gateway-internet-load-balancer", nil, "id of an existing load balancer to use on the internet; repeatable; none: they are made")
	f.StringSliceVar(&o.intranet, "gateway-intranet-load-balancer", nil, "the same in the VPC")
	f.IntVar(&o.most, "gateway-max-load-balancers", gateway.DefaultMaxLoadBalancers, "how many load balancers each of internet and VPC may have")
	o.limits = slb.DefaultLimits()
	f.IntVar(&o.limits.ExtensionsPerListener, "gateway-server-names", o.limits.ExtensionsPerListener,
		"how many server names besides the default certificate an HTTPS listener may have: the account's quota slb_quota_domain_extensions_num, up to 10")
	f.IntVar(&o.limits.BackendsPerInstance, "gateway-backend-servers", o.limits.BackendsPerInstance,
		"how many servers a load balancer may have: the account's quota slb_quota_backendservers_num, at least 200")
	f.StringVar(&o.vpc, "gateway-vpc", "", "VPC of load balancers and pods; empty: that of the load balancer in the vSwitch")
	f.StringVar(&o.defaultCertificate, "gateway-default-certificate", "", "Secret, namespace/name, for clients without a known server name; empty: that of the oldest Ingress with TLS")
	f.StringVar(&o.cipherPolicy, "gateway-tls-cipher-policy", "", "cipher policy of HTTPS, such as tls_cipher_policy_1_2; empty: the load balancer's")
	f.DurationVar(&o.requestTimeout, "gateway-request-timeout", 3*time.Minute, "how long an answer may take, 1s to 3m")
	f.DurationVar(&o.idleTimeout, "gateway-idle-timeout", time.Minute, "how long a client's connection may be idle, 1s to 1m")
	f.DurationVar(&o.interval, "gateway-resync", 2*time.Minute, "how often load balancers are read in full, to repair what others changed")
	f.DurationVar(&o.secretInterval, "gateway-secret-resync", gateway.DefaultSecretInterval, "how often Secrets with certificates are read again")
	f.StringVar(&o.namespace, "gateway-namespace", "knative-serving", "namespace of the Services that show load balancers")
	f.StringVar(&o.relayService, "relay-service", "ebb-system/ebb-relay", "Service, namespace/name, whose endpoints are the relay's replicas")
	f.IntVar(&o.relayPort, "relay-port", 8870, "first of the relay's ten ports")
}

func (o *gatewayOptions) check() []error {
	var errs []error
	if o.mode != string(gateway.ModeDirect) && o.mode != string(gateway.ModeRelay) {
		errs = append(errs, fmt.Errorf("--gateway-mode: %q is neither %s nor %s", o.mode, gateway.ModeDirect, gateway.ModeRelay))
	}
	for _, limit := range []struct {
		flag string
		has  time.Duration
		most time.Duration
	}{{"gateway-request-timeout", o.requestTimeout, 180 * time.Second}, {"gateway-idle-timeout", o.idleTimeout, 60 * time.Second}} {
		if limit.has < time.Second || limit.has > limit.most {
			errs = append(errs, fmt.Errorf("--%s: %v is not between 1s and %v", limit.flag, limit.has, limit.most))
		}
	}
	if o.most < 1 {
		errs = append(errs, fmt.Errorf("--gateway-max-load-balancers: %d is less than 1", o.most))
	}
	if n := o.limits.ExtensionsPerListener; n < 1 || n > mostServerNames {
		errs = append(errs, fmt.Errorf("--gateway-server-names: %d is not between 1 and %d", n, mostServerNames))
	}
	if n, least := o.limits.BackendsPerInstance, slb.DefaultLimits().BackendsPerInstance; n < least {
		errs = append(errs, fmt.Errorf("--gateway-backend-servers: %d is less than the %d that every account has", n, least))
	}
	if o.relayPort < 1 || o.relayPort > 65526 {
		errs = append(errs, fmt.Errorf("--relay-port: %d is not between 1 and 65526", o.relayPort))
	}
	for flag, name := range map[string]string{"relay-service": o.relayService, "gateway-default-certificate": o.defaultCertificate} {
		if _, err := namespacedName(name); err != nil && (name != "" || flag == "relay-service") {
			errs = append(errs, fmt.Errorf("--%s: %w", flag, err))
		}
	}
	return errs
}
