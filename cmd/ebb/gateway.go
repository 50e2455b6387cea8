package main

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/sirupsen/logrus"
	"k8s.io/apimachinery/pkg/types"
	"k8s.io/client-go/tools/record"
	"k8s.io/utils/clock"
	ctrl "sigs.k8s.io/controller-runtime"

	"github.com/ebb-node/ebb/alicloud"
	"github.com/ebb-node/ebb/ecs"
	"github.com/ebb-node/ebb/gateway"
	"github.com/ebb-node/ebb/gateway/backend"
	"github.com/ebb-node/ebb/gateway/ingress"
	"github.com/ebb-node/ebb/gateway/ingress/cached"
	"github.com/ebb-node/ebb/gateway/relay"
	"github.com/ebb-node/ebb/slb"
)

// How the relay leaves: a load balancer needs about a second to send no more,
// and Kubernetes leaves a pod 30 s by default.
const (
	relayLeave = 3 * time.Second
	relayDrain = 20 * time.Second
)

// addGateway adds the gateway, which works on the leader, and the relay, which
// works everywhere.
func addGateway(ctx context.Context, o *options, manager ctrl.Manager, cloud *alicloud.Client, events record.EventRecorder, ready *readiness, log logrus.FieldLogger) error {
	finder, err := backend.NewCache(ctx, manager.GetCache(), manager.GetClient())
	if err != nil {
		return fmt.Errorf("index of EndpointSlices: %w", err)
	}
	relayService, err := namespacedName(o.gateway.relayService)
	if err != nil {
		return err
	}
	defaultCertificate, _ := namespacedName(o.gateway.defaultCertificate) // checked before; empty: none
	ledger := cached.NewLedger(manager.GetCache())
	if err := gateway.Add(manager, gateway.Config{
		SLB: slb.New(cloud), ECS: ecs.New(cloud), Backends: finder, Ledger: ledger,
		Recorder: events, Metrics: registry, Log: log,
		Cluster: o.clusterID, VPC: o.gateway.vpc, VSwitch: firstOf(o.vSwitches), Mode: gateway.Mode(o.gateway.mode),
		LoadBalancers: map[ingress.Visibility][]string{
			ingress.Internet: o.gateway.internet, ingress.Intranet: o.gateway.intranet,
		},
		MaxLoadBalancers: o.gateway.most, Limits: &o.gateway.limits, DefaultCertificate: defaultCertificate, TLSCipherPolicy: o.gateway.cipherPolicy,
		RequestTimeout: o.gateway.requestTimeout, IdleTimeout: o.gateway.idleTimeout,
		Namespace: o.gateway.namespace, ClusterDomain: o.clusterDomain,
		RelayService: relayService, RelayPort: o.gateway.relayPort,
		Interval: o.gateway.interval, SecretInterval: o.gateway.secretInterval,
	}); err != nil {
		return fmt.Errorf("gateway: %w", err)
	}
	config := relay.Config{
		Port: o.gateway.relayPort, DefaultCertificate: defaultCertificate,
		Finder: finder, Ledger: ledger, Leave: relayLeave, Drain: relayDrain, Metrics: registry, Log: log,
	}
	if o.gateway.mode == string(gateway.ModeRelay) { // else load balancers end TLS
		config.Certificate = gateway.NewKeyring(manager.GetAPIReader(), clock.RealClock{}, o.gateway.secretInterval).Certificate
	}
	r, err := relay.Add(manager, config)
	if err != nil {
		return fmt.Errorf("relay: %w", err)
	}
	ready.ask(r.Ready)
	return nil
}

func firstOf(list []string) string {
	if len(list) == 0 {
		return ""
	}
	return list[0]
}

// namespacedName reads namespace/name.
func namespacedName(text string) (types.NamespacedName, error) {
	namespace, name, ok := strings.Cut(text, "/")
	if !ok || namespace == "" || name == "" || strings.Contains(name, "/") {
		return types.NamespacedName{}, fmt.Errorf("%q is not namespace/name", text)
	}
	return types.NamespacedName{Namespace: namespace, Name: name}, nil
}
