package gateway

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	corev1 "k8s.io/api/core/v1"
	discoveryv1 "k8s.io/api/discovery/v1"
	"k8s.io/apimachinery/pkg/types"
	"knative.dev/networking/pkg/apis/networking/v1alpha1"
	"knative.dev/pkg/apis"

	"github.com/ebb-node/ebb/gateway/ingress"
	"github.com/ebb-node/ebb/mockcloud/rpc"
)

// condition waits until an Ingress has a condition: "False Reason".
func (s *scene) condition(name string, t apis.ConditionType, want string) (message string) {
	s.Helper()
	s.eventually(fmt.Sprintf("%s of %s", t, name), func() (string, string) {
		ing := s.get(name)
		c := ing.Status.GetCondition(t)
		if c == nil || ing.Status.ObservedGeneration != ing.Generation {
			return "nothing", want
		}
		message = c.Message
		return strings.TrimSpace(string(c.Status) + " " + c.Reason), want
	})
	return message
}

// told waits for an Event.
func (s *scene) toldOf(reason, name string) {
	s.Helper()
	s.eventually("an Event", func() (string, string) {
		if strings.Contains(s.events.String(), " "+reason+" "+name+":") {
			return reason, reason
		}
		return "none", reason
	})
}

func TestStatusAndServicesShowTheAddresses(t *testing.T) {
	s := newScene(t).start()
	s.revision("a-1", 0, 1)
	s.apply(knative("a", "a-1=100"), onlyOutside(knative("b", "a-1=100")))
	s.ready("a", "b")
	outside, inside := s.actual("internet").Instance, s.actual("intranet").Instance
	for _, name := range []string{"a", "b"} {
		status := s.get(name).Status
		for _, side := range []struct {
			is            *v1alpha1.LoadBalancerStatus
			address, host string
		}{
			{status.PublicLoadBalancer, outside.Address, "ingress-gateway.knative-serving.svc.cluster.local"},
			{status.PrivateLoadBalancer, inside.Address, "ingress-local-gateway.knative-serving.svc.cluster.local"},
		} {
			want := &v1alpha1.LoadBalancerStatus{Ingress: []v1alpha1.LoadBalancerIngressStatus{{IP: side.address, DomainInternal: side.host}}}
			if diff := cmp.Diff(want, side.is); diff != "" || side.address == "" {
				t.Errorf("%s: -want +got\n%s", name, diff)
			}
		}
	}
	for name, instance := range map[string]string{"ingress-gateway": outside.ID, "ingress-local-gateway": inside.ID} {
		key := types.NamespacedName{Namespace: "knative-serving", Name: name}
		s.eventually("Service "+name, func() (string, string) {
			var is corev1.Service
			var slice discoveryv1.EndpointSlice
			if s.cluster.Get(s.ctx, key, &is) != nil || s.cluster.Get(s.ctx, key, &slice) != nil || len(is.Status.LoadBalancer.Ingress) != 1 {
				return "nothing", "something"
			}
			in := is.Status.LoadBalancer.Ingress[0]
			got := fmt.Sprint(is.Spec.Type, *is.Spec.LoadBalancerClass, *is.Spec.AllocateLoadBalancerNodePorts, is.Spec.Selector,
				is.Annotations[AnnotationLoadBalancer], *in.IPMode, slice.Endpoints[0].Addresses[0] == in.IP,
				*slice.Ports[0].Port, *slice.Ports[1].Port, slice.Labels[discoveryv1.LabelServiceName])
			return got, fmt.Sprint(corev1.ServiceTypeLoadBalancer, LoadBalancerClass, false, map[string]string(nil),
				instance, corev1.LoadBalancerIPModeProxy, true, 80, 443, name)
		})
	}
	// A Service that somebody deletes comes back and shows the same.
	lost := &corev1.Service{}
	lost.Namespace, lost.Name = "knative-serving", "ingress-gateway"
	s.remove(lost)
	s.eventually("the Service is back", func() (string, string) {
		var is corev1.Service
		if s.cluster.Get(s.ctx, types.NamespacedName{Namespace: "knative-serving", Name: "ingress-gateway"}, &is) != nil {
			return "", outside.ID
		}
		return is.Annotations[AnnotationLoadBalancer], outside.ID
	})
}

func TestBadIngressesHarmNobody(t *testing.T) {
	s := newScene(t).start()
	s.revision("a-1", 0, 1)
	path := onlyOutside(knative("path", "a-1=100"))
	path.Spec.Rules = append(path.Spec.Rules, v1alpha1.IngressRule{
		Hosts: []string{"bad.example.com"}, Visibility: v1alpha1.IngressVisibilityExternalIP,
		HTTP: &v1alpha1.HTTPIngressRuleValue{Paths: []v1alpha1.HTTPIngressPath{{Path: "/a b", Splits: backendsOf("a-1=100")}}},
	})
	missing := onlyOutside(knative("missing", "nobody=100"))
	thief := onlyOutside(knative("thief", "a-1=100"))
	thief.Spec.Rules[0].Hosts = []string{"a.default.example.com"}
	thief.CreationTimestamp.Time = today.AddDate(0, 0, 1)
	other := onlyOutside(knative("other", "a-1=100"))
	other.Annotations["networking.knative.dev/ingress.class"] = "kourier.ingress.networking.knative.dev"
	s.apply(onlyOutside(knative("a", "a-1=100")), path, missing, thief, other)
	s.ready("a")
	s.condition("path", v1alpha1.IngressConditionNetworkConfigured, "False "+ingress.ReasonInvalidPath)
	s.condition("thief", v1alpha1.IngressConditionNetworkConfigured, "False "+ingress.ReasonHostTaken)
	if m := s.condition("missing", v1alpha1.IngressConditionNetworkConfigured, "Unknown "+ReasonBackendMissing); !strings.Contains(m, "default/nobody") {
		t.Errorf("%q does not name the Service", m)
	}
	s.looks("internet", append(a(enis(0, 1, 100)), "http path.default.example.com -> "+enis(0, 1, 100), "http missing.default.example.com -> eni-relay1:9000=100")...)
	s.toldOf(ingress.ReasonInvalidPath, "path")
	s.toldOf(ingress.ReasonHostTaken, "thief")
	if len(s.get("other").Status.Conditions) != 0 {
		t.Error("an Ingress of another class has a status")
	}
	// The winner goes, the loser gets the host.
	s.remove(s.get("a"))
	s.ready("thief")
	s.looks("internet", append(a(enis(0, 1, 100)), "http path.default.example.com -> "+enis(0, 1, 100), "http missing.default.example.com -> eni-relay1:9000=100")...)
	// The Service comes.
	s.revision("nobody", 2, 3)
	s.ready("missing")
}

func TestPodsWithoutAnInterface(t *testing.T) {
	s := newScene(t).start()
	s.revision("a-1", machines+1, machines+2)
	s.revision("a-2", 0, 1)
	s.apply(onlyOutside(knative("a", "a-1=50 a-2=50")))
	s.ready("a")
	// The relay reaches them all the same. With a part of the requests it could
	// not tell whose they are.
	s.looks("internet", a("eni-relay1:9000=100")...)
	s.toldOf(ReasonNoNetworkInterface, "a")
	if !strings.Contains(s.events.String(), fmt.Sprint("default/p", machines+1)) {
		t.Errorf("no Event names the pod:\n%s", s.events)
	}
}

func TestTheCloudDoesNotTellInterfaces(t *testing.T) {
	s := newScene(t, func(s *scene) { s.config.missingAge = 50 * time.Millisecond })
	s.revision("a-1", 1, 2)
	s.apply(onlyOutside(knative("a", "a-1=100")))
	fault, err := s.cloud.AddFault(rpc.Fault{Action: "DescribeNetworkInterfaces", Status: 403, Code: "Forbidden.RAM"})
	if err != nil {
		t.Fatal(err)
	}
	s.start()
	s.toldOf(ReasonNoNetworkInterface, "a")
	s.condition("a", v1alpha1.IngressConditionLoadBalancerReady, "Unknown "+ReasonRelayUnavailable)
	s.cloud.RemoveFaults(fault.ID)
	s.ready("a")
	s.looks("internet", a(enis(1, 2, 100))...)
}

func TestRelayWithoutReplicas(t *testing.T) {
	s := newScene(t, func(s *scene) { s.emptyGroups = true }) // the listener's is
	s.relays()
	s.start()
	s.revision("a-1", 0, 0)
	s.revision("b-1", 2, 3)
	s.apply(onlyOutside(knative("a", "a-1=100")), onlyOutside(knative("b", "b-1=100")))
	s.ready("b")
	s.condition("a", v1alpha1.IngressConditionLoadBalancerReady, "Unknown "+ReasonRelayUnavailable)
	s.relays("10.240.9.1", "10.240.9.2")
	s.ready("a")
	s.looks("internet", append(a("eni-relay1:9000=100 eni-relay2:9000=100"), "http b.default.example.com -> "+enis(2, 3, 100))...)
}
