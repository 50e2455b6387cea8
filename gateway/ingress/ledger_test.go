package ingress

import (
	"context"
	"testing"

	"github.com/google/go-cmp/cmp"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/types"
	"knative.dev/networking/pkg/apis/networking/v1alpha1"
)

// followed is a follower's view: who has a host.
type followed map[string][]string

func (f followed) change(c Change) {
	for key, hosts := range c.Owners() {
		f[key.Name] = owners(hosts)
	}
}

// ingresses are a Source.
type ingresses map[types.NamespacedName]*v1alpha1.Ingress

func (i ingresses) Get(name types.NamespacedName) (*v1alpha1.Ingress, error) { return i[name], nil }

func (i ingresses) List(context.Context) (all []v1alpha1.Ingress, err error) {
	for _, ing := range i {
		all = append(all, *ing)
	}
	return all, nil
}

// aged is an Ingress for a host that was made on a day.
func aged(name string, n int, host string) *v1alpha1.Ingress {
	ing := object(name, external(host, to("", name)))
	ing.UID, ing.Generation, ing.CreationTimestamp = types.UID("uid-"+name), 1, metav1.Time{Time: day(n)}
	return ing
}

func TestLedgerTellsAllFollowers(t *testing.T) {
	all := ingresses{named("a"): aged("a", 2, "a.com")}
	ledger := NewLedger(all)
	update := func(name string) {
		t.Helper()
		if err := ledger.Update(named(name)); err != nil {
			t.Fatal(err)
		}
	}
	one, two, others := followed{}, followed{}, []types.NamespacedName(nil)
	update("a") // nobody follows
	follow := func(f func(Change)) {
		t.Helper()
		if err := ledger.Follow(t.Context(), f); err != nil {
			t.Fatal(err)
		}
	}
	follow(one.change)
	follow(func(c Change) { two.change(c); others = append(others, c.Others()...) })
	changes := 0
	follow(func(Change) { changes++ })
	expect := func(step string, want followed) {
		t.Helper()
		for name, got := range map[string]followed{"first": one, "second": two} {
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("%s, the %s follower: %s", step, name, diff)
			}
		}
	}
	expect("start", followed{"a.com": {"a: /"}})

	others = nil
	all[named("b")] = aged("b", 1, "a.com")
	update("b")
	update("b") // the second to hear of it
	expect("an older one came", followed{"a.com": {"b: /"}})
	delete(all, named("b"))
	update("b")
	update("b")
	expect("it is gone", followed{"a.com": {"a: /"}})
	if diff := cmp.Diff([]types.NamespacedName{named("a"), named("a")}, others); diff != "" {
		t.Error(diff)
	}
	if changes != 3 { // the start, and one for each change
		t.Errorf("%d changes", changes)
	}
}
