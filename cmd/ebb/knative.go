package main

import (
	"context"
	"fmt"
	"time"

	"github.com/sirupsen/logrus"
	"k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/apimachinery/pkg/util/wait"
	"k8s.io/client-go/discovery"
)

// Knative is looked for often at first, as somebody may be installing it along
// with ebb, and then once in a while: one small request a minute.
var knativeSearch = wait.Backoff{Duration: time.Second, Factor: 1.5, Steps: 12, Cap: time.Minute}

// knativeAPIs are the groups that the gateway and the reserve live from, with
// the kinds that they watch.
var knativeAPIs = map[string][]string{
	"networking.internal.knative.dev/v1alpha1":  {"Ingress", "ServerlessService"},
	"autoscaling.internal.knative.dev/v1alpha1": {"PodAutoscaler"},
	"serving.knative.dev/v1":                    {"Revision", "Route", "Service"},
}

// knativeJobs starts the jobs that need Knative once Knative is there: it may
// be installed long after ebb, and controllers for kinds that are not known
// would end the process.
type knativeJobs struct {
	discovery discovery.ServerResourcesInterface
	log       logrus.FieldLogger
	start     func() error
}

// NeedLeaderElection lets every replica relay.
func (*knativeJobs) NeedLeaderElection() bool { return false }

// Start waits for Knative, starts the jobs and waits for the end.
func (k *knativeJobs) Start(ctx context.Context) error {
	search := knativeSearch
	for told := false; ; told = true {
		missing, err := k.missing()
		if err == nil && missing == "" {
			break
		}
		if !told {
			k.log.WithError(err).WithField("missing", missing).Info("Knative Serving is not installed; gateway and reserve wait for it")
		}
		timer := time.NewTimer(search.Step())
		select {
		case <-ctx.Done():
			timer.Stop()
			return nil
		case <-timer.C:
		}
	}
	if err := k.start(); err != nil {
		return err
	}
	k.log.Info("Knative Serving is there; gateway and reserve start")
	<-ctx.Done()
	return nil
}

// missing names a kind of Knative's that the API server does not serve.
func (k *knativeJobs) missing() (string, error) {
	for group, kinds := range knativeAPIs {
		served, err := k.discovery.ServerResourcesForGroupVersion(group)
		if errors.IsNotFound(err) {
			return group, nil
		}
		if err != nil {
			return "", fmt.Errorf("ask the API server for %s: %w", group, err)
		}
		known := map[string]bool{}
		for _, resource := range served.APIResources {
			known[resource.Kind] = true
		}
		for _, kind := range kinds {
			if !known[kind] {
				return group + " " + kind, nil
			}
		}
	}
	return "", nil
}
