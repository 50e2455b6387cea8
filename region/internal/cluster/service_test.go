package cluster

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	corev1 "k8s.io/api/core/v1"
	discoveryv1 "k8s.io/api/discovery/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime"

	"github.com/ebb-node/ebb/region/internal/apply"
)

func TestServicesOfTheNodeLeadToIt(t *testing.T) {
	for name, tt := range map[string]struct {
		text, service, ip string
		ports             map[string]int32
	}{
		"DNS":   {DNSObjects, "kube-dns", DNSIP, map[string]int32{"dns UDP": 53, "dns-tcp TCP": 53}},
		"relay": {RelayObjects, "ebb-relay", corev1.ClusterIPNone, map[string]int32{"internet-plain TCP": 8870}},
	} {
		t.Run(name, func(t *testing.T) {
			objects, err := apply.Decode([]byte(tt.text))
			if err != nil || len(objects) < 2 {
				t.Fatalf("%d objects, %v", len(objects), err)
			}
			var service corev1.Service
			var slice discoveryv1.EndpointSlice
			strictly(t, objects[0], &service)
			strictly(t, objects[1], &slice)
			if service.Name != tt.service || service.Spec.ClusterIP != tt.ip {
				t.Errorf("the Service is %s at %s", service.Name, service.Spec.ClusterIP)
			}
			if slice.Namespace != service.Namespace || slice.Labels[discoveryv1.LabelServiceName] != service.Name {
				t.Errorf("the endpoints are of %s/%s", slice.Namespace, slice.Labels[discoveryv1.LabelServiceName])
			}
			if diff := cmp.Diff([]string{NodeIP}, slice.Endpoints[0].Addresses); diff != "" {
				t.Errorf("addresses (-want +got):\n%s", diff)
			}
			served, reached := map[string]int32{}, map[string]int32{}
			for _, p := range service.Spec.Ports {
				served[p.Name+" "+string(p.Protocol)] = p.Port
			}
			for _, p := range slice.Ports {
				reached[*p.Name+" "+string(*p.Protocol)] = *p.Port
			}
			if diff := cmp.Diff([]map[string]int32{tt.ports, tt.ports}, []map[string]int32{served, reached}); diff != "" {
				t.Errorf("ports (-want +got):\n%s", diff)
			}
		})
	}
}

// strictly converts an object that has no field that its kind does not know.
func strictly(t *testing.T, from *unstructured.Unstructured, to any) {
	t.Helper()
	if err := runtime.DefaultUnstructuredConverter.FromUnstructuredWithValidation(from.Object, to, true); err != nil {
		t.Fatal(err)
	}
}
