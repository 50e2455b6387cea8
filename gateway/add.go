package gateway

import (
	"fmt"
	"net/http"

	ctrl "sigs.k8s.io/controller-runtime"

	"github.com/ebb-node/ebb/gateway/ingress/cached"
)

// Add puts the gateway into a Manager, on whose leader it runs. The Manager's
// scheme must know Knative's networking.internal.knative.dev/v1alpha1.
func Add(mgr ctrl.Manager, c Config) error {
	_, err := add(mgr, c)
	return err
}

func add(mgr ctrl.Manager, c Config) (*gateway, error) {
	c = c.withDefaults()
	if c.secretReader == nil {
		c.secretReader = mgr.GetAPIReader() // the cache would watch all Secrets
	}
	if c.probes == nil {
		c.probes = &http.Transport{DisableKeepAlives: true}
	}
	if err := c.validate(); err != nil {
		return nil, err
	}
	if c.Ledger == nil {
		c.Ledger = cached.NewLedger(mgr.GetCache())
	}
	g, err := newGateway(mgr, c)
	if err != nil {
		return nil, err
	}
	// The first ones are there before the first Ingress is: users look for the
	// address, to have it in their DNS.
	for _, v := range visibilities {
		g.balancers.add(balancerKey{v, 1})
	}
	for _, add := range []func(ctrl.Manager) error{
		func(m ctrl.Manager) error { return m.Add(g.keeper) },
		func(m ctrl.Manager) error { return m.Add(g.interfaces) },
		g.watchIngresses, g.watchStatuses, g.watchBalancers,
	} {
		if err := add(mgr); err != nil {
			return nil, fmt.Errorf("gateway: %w", err)
		}
	}
	return g, nil
}

func newGateway(mgr ctrl.Manager, c Config) (*gateway, error) {
	g := &gateway{
		Config: c, client: mgr.GetClient(), reader: mgr.GetCache(),
		secrets:   newSecrets(c.secretReader, c.Clock, c.SecretInterval),
		services:  &services{client: mgr.GetClient(), reader: mgr.GetCache(), namespace: c.Namespace},
		keeper:    newKeeper(),
		prober:    &prober{transport: c.probes, places: make(chan struct{}, probesAtOnce)},
		told:      told{},
		directory: newDirectory(budget{*c.Limits, c.DefaultCertificate, c.MaxLoadBalancers}, c.Mode, c.MoveGrace),
	}
	g.interfaces = newInterfaces(c.ECS, c.VPC, c.Clock, c.Log, g.wakeUp)
	g.interfaces.missing = c.missingAge
	g.resolver = &resolver{backends: c.Backends, pods: mgr.GetCache(), interfaces: g.interfaces}
	var err error
	g.metrics, err = newMetrics(g, c.Metrics)
	return g, err
}
