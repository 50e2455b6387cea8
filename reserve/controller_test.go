package reserve

import (
	"context"
	"io"
	"runtime"
	"testing"

	"github.com/sirupsen/logrus"
	appsv1 "k8s.io/api/apps/v1"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/meta"
	"k8s.io/apimachinery/pkg/labels"
	clocktesting "k8s.io/utils/clock/testing"
	"sigs.k8s.io/controller-runtime/pkg/client"
	"sigs.k8s.io/controller-runtime/pkg/cluster"

	"github.com/ebb-node/ebb/reserve/shape"
)

// TestWaitsForKnative adds Knative's kinds to an API server one by one.
func TestWaitsForKnative(t *testing.T) {
	log := logrus.New()
	log.SetOutput(io.Discard)
	clock := clocktesting.NewFakeClock(start)
	c := New(nil, Config{Clock: clock, Log: log})
	mapper := meta.NewDefaultRESTMapper(nil)
	for _, kind := range kinds {
		if installed(mapper) == nil {
			t.Fatalf("Knative counts as installed without %s", kind.Kind)
		}
		ctx, cancel := context.WithCancel(t.Context())
		waited := make(chan bool)
		go func() { waited <- c.awaitKnative(ctx, mapper) }()
		for !clock.HasWaiters() {
			runtime.Gosched()
		}
		cancel()
		if <-waited {
			t.Errorf("did not wait for %s", kind.Kind)
		}
		mapper.Add(kind, meta.RESTScopeNamespace)
	}
	if !c.awaitKnative(t.Context(), mapper) {
		t.Error("waits although Knative is there")
	}
}

func TestTheCacheHoldsOnlyWhatIsNeeded(t *testing.T) {
	var o cluster.Options
	clusterOptions(&o)
	rev := revision()
	in := func(object client.Object, set map[string]string) bool {
		for kind, by := range o.Cache.ByObject {
			switch kind.(type) {
			case *appsv1.Deployment:
				if _, ok := object.(*appsv1.Deployment); ok {
					return by.Label.Matches(labels.Set(set))
				}
			case *corev1.Pod:
				if _, ok := object.(*corev1.Pod); ok {
					return by.Label.Matches(labels.Set(set))
				}
			}
		}
		return true
	}
	r := &reconciler{}
	built := shape.Build(r.input(&scene{revision: rev, standard: standard(rev)}))
	for name, c := range map[string]struct{ got, want bool }{
		"the standard Deployment": {in(standard(rev), standard(rev).Labels), true},
		"the reserve Deployment":  {in(built, built.Labels), true},
		"another Deployment":      {in(&appsv1.Deployment{}, map[string]string{"app": "web"}), false},
		"a reserve pod":           {in(&corev1.Pod{}, built.Spec.Template.Labels), true},
		"a standard pod":          {in(&corev1.Pod{}, standard(rev).Spec.Template.Labels), false},
	} {
		if c.got != c.want {
			t.Errorf("%s is in the cache: %t", name, c.got)
		}
	}
	if got := owners(t.Context(), built); len(got) != 1 || got[0].Name != rev.Name {
		t.Errorf("the reserve Deployment concerns %v", got)
	}
	pod := &corev1.Pod{}
	pod.Labels = built.Spec.Template.Labels
	if got := ofReserve(t.Context(), pod); len(got) != 1 || got[0].Name != rev.Name {
		t.Errorf("a reserve pod concerns %v", got)
	}
}
