package main

import (
	"fmt"

	"github.com/sirupsen/logrus"
	"github.com/spf13/cobra"
	"k8s.io/client-go/rest"
	"k8s.io/client-go/tools/clientcmd"
	ctrl "sigs.k8s.io/controller-runtime"
	"sigs.k8s.io/controller-runtime/pkg/healthz"
	"sigs.k8s.io/controller-runtime/pkg/metrics"
	metricsserver "sigs.k8s.io/controller-runtime/pkg/metrics/server"

	"github.com/ebb-node/ebb/gateway"
)

func runCommand() *cobra.Command {
	var o options
	cmd := &cobra.Command{
		Use:   "run",
		Short: "Run the node, the gateway and the reserve until a signal ends them",
		Args:  cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if err := o.complete(); err != nil {
				return err
			}
			log := newLog(&o)
			manager, config, err := newManager(&o)
			if err != nil {
				return err
			}
			cloud, err := newCloud(&o, log, registry)
			if err != nil {
				return err
			}
			store, err := addMarket(&o, manager, cloud, log)
			if err != nil {
				return err
			}
			if err := addNode(&o, manager, config, cloud, store, log); err != nil {
				return err
			}
			ready := newReadiness()
			if err := manager.AddReadyzCheck("relay", ready.check); err != nil {
				return err
			}
			if err := addKnative(cmd.Context(), &o, manager, config, cloud, store, ready, log); err != nil {
				return err
			}
			log.WithFields(logrus.Fields{"version": kubeletVersion(), "node": o.nodeName, "region": o.region}).Info("ebb starts")
			return manager.Start(cmd.Context())
		},
	}
	o.add(cmd.Flags())
	return cmd
}

// newManager builds what all of ebb's jobs share: leader election, metrics,
// health. Its cache starts informers only for what is read through it.
func newManager(o *options) (ctrl.Manager, *rest.Config, error) {
	config, err := restConfig(o)
	if err != nil {
		return nil, nil, err
	}
	manager, err := ctrl.NewManager(config, ctrl.Options{
		Scheme:                        scheme(),
		Cache:                         gateway.CacheOptions(), // who reads through it are the gateway and the relay
		NewCache:                      gateway.NewCache,
		Metrics:                       metricsserver.Options{BindAddress: o.metricsAddress},
		HealthProbeBindAddress:        o.healthAddress,
		PprofBindAddress:              o.pprofAddress,
		LeaderElection:                o.leaderElect,
		LeaderElectionID:              "ebb-" + o.nodeName,
		LeaderElectionNamespace:       o.leaderElectNamespace,
		LeaderElectionReleaseOnCancel: true,
	})
	if err != nil {
		return nil, nil, fmt.Errorf("set up the controller manager: %w", err)
	}
	if err := manager.AddHealthzCheck("ping", healthz.Ping); err != nil {
		return nil, nil, err
	}
	if err := manager.AddReadyzCheck("ping", healthz.Ping); err != nil {
		return nil, nil, err
	}
	return manager, config, nil
}

// restConfig is how the API server is reached.
func restConfig(o *options) (*rest.Config, error) {
	var config *rest.Config
	var err error
	if o.kubeconfig != "" {
		config, err = clientcmd.BuildConfigFromFlags("", o.kubeconfig)
	} else {
		config, err = rest.InClusterConfig()
	}
	if err != nil {
		return nil, fmt.Errorf("how to reach the API server: %w", err)
	}
	config.QPS, config.Burst = o.kubeQPS, o.kubeBurst
	config.UserAgent = "ebb/" + version
	return config, nil
}

// registry is where all metrics of the process are.
var registry = metrics.Registry
