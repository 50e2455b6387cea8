package gateway

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"knative.dev/networking/pkg/apis/networking/v1alpha1"
)

// TestChangesCostFewWrites counts calls of a Service on one load balancer: the
// other visibility costs the same again.
func TestChangesCostFewWrites(t *testing.T) {
	s := newScene(t, func(s *scene) { s.config.goneSettle = 200 * time.Millisecond }).start()
	s.revision("a-1", 0, 2)
	s.revision("b-1", 50, 51)
	s.revision("b-2", 52, 53)
	inside := knative("b", "b-1=50 b-2=50")
	inside.Spec.Rules = inside.Spec.Rules[1:]
	s.apply(onlyOutside(knative("a", "a-1=100")), inside)
	s.ready("a", "b")
	for _, step := range []struct {
		name   string
		change func()
		on     string
		want   []string
		most   int
	}{
		{"a pod more", func() { s.revision("a-1", 0, 3) }, "internet", a(enis(0, 3, 100)), 1},
		{"a pod less", func() { s.revision("a-1", 0, 2) }, "internet", a(enis(0, 2, 100), enis(2, 3, 0)), 1},
		{"the pod is gone", func() { s.remove(podOfNumber(2)) }, "internet", a(enis(0, 2, 100)), 1},
		{"30 pods at once", func() { s.revision("a-1", 0, 32) }, "internet", a(enis(0, 32, 100)), 2},
		{"30 pods leave at once", func() { s.revision("a-1", 0, 2) }, "internet", a(enis(0, 2, 100), enis(2, 32, 0)), 2},
		{"30 pods are gone", func() { s.removePods(2, 32) }, "internet", a(enis(0, 2, 100)), 2},
		{"a pod more in a split", func() { s.revision("b-1", 50, 52) }, "intranet", b(enis(50, 52, 50), enis(52, 53, 100)), 2},
		{"to zero", func() { s.pods("a-1") }, "internet", a("eni-relay1:9000=100"), 1},
		{"from zero", func() { s.pods("a-1", 60) }, "internet", a(enis(0, 2, 0), enis(60, 61, 100)), 3},
	} {
		s.cloud.ResetCalls()
		step.change()
		s.looks(step.on, step.want...)
		if n, by := s.writes(); n > step.most {
			t.Errorf("%s: %d writes, want at most %d: %v", step.name, n, step.most, by)
		} else {
			t.Logf("%s: %d writes", step.name, n)
		}
	}
}

// enis are members with a weight.
func enis(from, to, weight int) string {
	var out []string
	for i := from; i < to; i++ {
		out = append(out, fmt.Sprintf("eni-%d:8012=%d", i, weight))
	}
	return strings.Join(out, " ")
}

// a is the picture of the Ingress a on the internet.
func a(members ...string) []string {
	list := strings.Fields(strings.Join(members, " "))
	slices.Sort(list)
	return []string{"http a.default.example.com -> " + strings.Join(list, " ")}
}

// b is the picture of the Ingress b in the cluster.
func b(members ...string) (out []string) {
	list := strings.Fields(strings.Join(members, " "))
	slices.Sort(list)
	for _, suffix := range []string{"", ".svc", ".svc.cluster.local"} {
		out = append(out, "http b.default"+suffix+" -> "+strings.Join(list, " "))
	}
	return out
}

func (s *scene) removePods(from, to int) {
	s.Helper()
	for i := from; i < to; i++ {
		s.remove(podOfNumber(i))
	}
}

func onlyOutside(ing *v1alpha1.Ingress) *v1alpha1.Ingress {
	ing.Spec.Rules = ing.Spec.Rules[:1]
	return ing
}
