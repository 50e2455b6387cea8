package main

import (
	"fmt"

	"k8s.io/utils/clock"
	ctrl "sigs.k8s.io/controller-runtime"

	"github.com/ebb-node/ebb/instancespecs"
	"github.com/ebb-node/ebb/provider/credits"
)

// addCredits adds what keeps the ledgers of the CPU credits of the node's
// burstable pods.
func (n *virtualNode) addCredits(manager ctrl.Manager, market *instancespecs.Store) error {
	sampler := credits.New(credits.Config{
		Instances: n.provider.Instances, Cloud: n.cloud, Market: market.Market,
		Kube: n.kube, Recorder: n.recorder(), Log: n.log, Clock: clock.RealClock{},
	})
	if err := registry.Register(sampler); err != nil {
		return fmt.Errorf("metrics of CPU credits: %w", err)
	}
	return manager.Add(sampler)
}
