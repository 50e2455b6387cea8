package main

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/sirupsen/logrus"
	authorizationv1 "k8s.io/api/authorization/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	utilruntime "k8s.io/apimachinery/pkg/util/runtime"
	"k8s.io/apimachinery/pkg/util/wait"
	"k8s.io/client-go/discovery"
	"k8s.io/client-go/kubernetes"
	clientgoscheme "k8s.io/client-go/kubernetes/scheme"
	authorizationv1client "k8s.io/client-go/kubernetes/typed/authorization/v1"
	"k8s.io/client-go/rest"
	networkingv1alpha1 "knative.dev/networking/pkg/apis/networking/v1alpha1"
	servingv1 "knative.dev/serving/pkg/apis/serving/v1"
	ctrl "sigs.k8s.io/controller-runtime"
	"sigs.k8s.io/controller-runtime/pkg/healthz"

	"github.com/ebb-node/ebb/alicloud"
	"github.com/ebb-node/ebb/instancespecs"
)

// Knative is looked for often at first, as somebody may be installing it along
// with ebb, and then once in a while: one small request a minute.
var knativeSearch = wait.Backoff{Duration: time.Second, Factor: 1.5, Steps: 12, Cap: time.Minute}

// knativeAPIs are the groups that the gateway and the reserve live from, with
// the kinds that they watch.
var knativeAPIs = map[string][]string{
	"networking.internal.knative.dev/v1alpha1":  {"Ingress"},
	"autoscaling.internal.knative.dev/v1alpha1": {"PodAutoscaler"},
	"serving.knative.dev/v1":                    {"Revision", "Route", "Service"},
}

// addKnative adds the jobs that need Knative.
func addKnative(ctx context.Context, o *options, manager ctrl.Manager, config *rest.Config, cloud *alicloud.Client, store *instancespecs.Store, ready *readiness, log logrus.FieldLogger) error {
	if !o.gateway.enabled && !o.reserve.enabled {
		return nil
	}
	client, err := kubernetes.NewForConfig(config)
	if err != nil {
		return fmt.Errorf("client of the API server: %w", err)
	}
	events, err := newRecorder(config)
	if err != nil {
		return err
	}
	return manager.Add(newKnativeJobs(&knativeJobs{
		discovery: client.Discovery(), access: client.AuthorizationV1().SelfSubjectAccessReviews(), ready: ready, log: log,
		start: func() error {
			var errs []error
			if o.gateway.enabled {
				errs = append(errs, addGateway(ctx, o, manager, cloud, events, ready, log))
			}
			if o.reserve.enabled {
				errs = append(errs, addReserve(o, manager, store, events, log))
			}
			return errors.Join(errs...)
		},
	}))
}

// scheme knows the kinds that ebb's controllers read and write.
func scheme() *runtime.Scheme {
	s := runtime.NewScheme()
	for _, add := range []func(*runtime.Scheme) error{
		clientgoscheme.AddToScheme, networkingv1alpha1.AddToScheme, servingv1.AddToScheme,
	} {
		utilruntime.Must(add(s)) // fails only when two packages claim one kind
	}
	return s
}

// knativeJobs starts the jobs that need Knative once Knative is there: it may
// be installed long after ebb, and controllers for kinds that are not known
// would end the process.
type knativeJobs struct {
	discovery discovery.ServerResourcesInterface
	access    authorizationv1client.SelfSubjectAccessReviewInterface
	ready     *readiness
	log       logrus.FieldLogger
	start     func() error
}

// newKnativeJobs makes the replica wait to be ready until Knative was looked for.
func newKnativeJobs(k *knativeJobs) *knativeJobs {
	k.ready.ask(unsearched)
	return k
}

// NeedLeaderElection lets every replica relay.
func (*knativeJobs) NeedLeaderElection() bool { return false }

// Start waits for Knative, starts the jobs and waits for the end.
func (k *knativeJobs) Start(ctx context.Context) error {
	search := knativeSearch
	for told := false; ; told = true {
		missing, err := k.missing(ctx)
		if err == nil && missing == "" {
			break
		}
		if err == nil { // a node without Knative has nothing to wait for
			k.ready.ask(healthz.Ping)
		}
		if !told {
			k.log.WithError(err).WithField("missing", missing).Info("Knative Serving is not ready for ebb; gateway and reserve wait for it")
		}
		timer := time.NewTimer(search.Step())
		select {
		case <-ctx.Done():
			timer.Stop()
			return nil
		case <-timer.C:
		}
	}
	k.ready.ask(healthz.Ping) // unless what starts knows better
	if err := k.start(); err != nil {
		k.ready.ask(unstarted)
		// The node goes on: its pods have nothing to do with this.
		k.log.WithError(err).Error("not all of gateway and reserve can start")
	} else {
		k.log.Info("Knative Serving is there; gateway and reserve start")
	}
	<-ctx.Done()
	return nil
}

// missing says what the jobs lack: a kind of Knative's that the API server does
// not serve, or the right to use it. A controller that may not list what it
// watches would end the process too, and the node with it.
func (k *knativeJobs) missing(ctx context.Context) (string, error) {
	if kind, err := k.missingKind(); kind != "" || err != nil {
		return kind, err
	}
	review := &authorizationv1.SelfSubjectAccessReview{Spec: authorizationv1.SelfSubjectAccessReviewSpec{
		ResourceAttributes: &authorizationv1.ResourceAttributes{Group: "networking.internal.knative.dev", Resource: "ingresses", Verb: "list"},
	}}
	answer, err := k.access.Create(ctx, review, metav1.CreateOptions{})
	if err != nil {
		return "", fmt.Errorf("ask the API server for ebb's rights: %w", err)
	}
	if !answer.Status.Allowed {
		return "the right to list Ingresses, see manifests/knative", nil
	}
	return "", nil
}

// missingKind names a kind of Knative's that the API server does not serve.
func (k *knativeJobs) missingKind() (string, error) {
	for group, kinds := range knativeAPIs {
		served, err := k.discovery.ServerResourcesForGroupVersion(group)
		if apierrors.IsNotFound(err) {
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
