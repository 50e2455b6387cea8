package gateway

import (
	"testing"

	"knative.dev/networking/pkg/apis/networking/v1alpha1"
)

// TestCoffee is a Service's way: it is made, it scales, it is split, it goes.
func TestCoffee(t *testing.T) {
	s := newScene(t).start()
	s.revision("coffee-1", 1, 2)
	s.apply(knative("coffee", "coffee-1=100"))
	s.ready("coffee")
	hosts := func(members string) []string {
		return []string{"http coffee.default -> " + members, "http coffee.default.svc -> " + members, "http coffee.default.svc.cluster.local -> " + members}
	}
	s.looks("internet", "http coffee.default.example.com -> eni-1:8012=100")
	s.looks("intranet", hosts("eni-1:8012=100")...)

	s.revision("coffee-2", 2, 3)
	s.change("coffee", func(ing *v1alpha1.Ingress) {
		for i := range ing.Spec.Rules {
			ing.Spec.Rules[i].HTTP.Paths[0].Splits = backendsOf("coffee-1=30 coffee-2=70")
		}
	})
	s.ready("coffee")
	s.looks("internet", "http coffee.default.example.com -> eni-1:8012=42 eni-2:8012=98")
	s.pods("coffee-1")
	s.looks("internet", "http coffee.default.example.com -> eni-1:8012=0 eni-2:8012=98 eni-relay1:9006=42")
	s.looks("intranet", hosts("eni-1:8012=0 eni-2:8012=98 eni-relay1:9008=42")...)
	s.pods("coffee-2")
	s.looks("internet", "http coffee.default.example.com -> eni-relay1:9000=100")
	s.pods("coffee-2", 2, 4)
	s.looks("internet", "http coffee.default.example.com -> eni-1:8012=0 eni-2:8012=98 eni-4:8012=98 eni-relay1:9006=84")

	s.remove(s.get("coffee"))
	s.looks("internet")
	s.looks("intranet")
}
