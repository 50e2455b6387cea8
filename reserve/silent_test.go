package reserve

import (
	"errors"
	"testing"
	"time"

	appsv1 "k8s.io/api/apps/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"sigs.k8s.io/controller-runtime/pkg/client"
)

// askedInVain is a reserve that has answered a request, which nobody has heeded since.
func askedInVain(t *testing.T) *world {
	w := idleReserve(t)
	w.clock.Step(time.Minute)
	w.busy("reserve-1")
	if again := w.reconcile(); again != w.Limits.Unheeded || len(w.writes) > 0 {
		t.Errorf("looks again after %v, wrote %v; want to leave the autoscaler its time", again, w.writes)
	}
	w.clock.Step(w.Limits.Unheeded)
	return w
}

// wanted is how many standard pods are.
func (w *world) wanted() int {
	w.Helper()
	d, err := get[appsv1.Deployment](w.Context(), w.reconciler, named(coffee, coffee.Name+"-deployment"))
	if err != nil {
		w.Fatal(err)
	}
	return replicas(d.Spec.Replicas)
}

func TestSilentAutoscaler(t *testing.T) {
	w := askedInVain(t)
	w.reconcile()
	if n := w.wanted(); n != 1 {
		t.Errorf("%d standard pods are wanted, want the first", n)
	}
	w.reconcile()
	w.expect("Activating", 1, "", ReasonUnheeded, ReasonActivating)
	clear(w.writes)
	w.busy("reserve-1")
	w.reconcile()
	if len(w.writes) > 0 {
		t.Errorf("wrote %v while the first standard pod starts", w.writes)
	}
	w.clock.Step(time.Minute)
	w.knative(active, 3, 3, 1)
	w.reconcile()
	w.expect("Handover", 1, closed, ReasonHandover)
}

// The autoscaler may speak in the very moment in which ebb does.
func TestTheAutoscalersWordGoesBefore(t *testing.T) {
	w := askedInVain(t)
	w.refuse = func(verb string, o client.Object) error {
		if d, ok := o.(*appsv1.Deployment); ok && verb == "patch" && d.ResourceVersion != "" {
			return apierrors.NewConflict(schema.GroupResource{Resource: "deployments"}, d.Name, errors.New("changed"))
		}
		return nil
	}
	if again := w.reconcile(); again != staleWait {
		t.Errorf("looks again after %v, want when the change has arrived", again)
	}
	w.refuse = nil
	w.knative(activating, 5, 5, 0)
	w.reconcile()
	if n := w.wanted(); n != 5 {
		t.Errorf("%d standard pods are wanted, want the autoscaler's 5", n)
	}
}
