package knative

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/ebb-node/ebb/region/internal/apply"
)

func TestObjectsAreAppliedInOrder(t *testing.T) {
	objects, err := apply.Decode([]byte(`
{apiVersion: admissionregistration.k8s.io/v1, kind: MutatingWebhookConfiguration, metadata: {name: defaults}}
---
{apiVersion: networking.internal.knative.dev/v1alpha1, kind: Certificate, metadata: {name: certificate}}
---
{apiVersion: apps/v1, kind: Deployment, metadata: {name: activator}}
---
{apiVersion: v1, kind: ConfigMap, metadata: {name: config-network}}
---
{apiVersion: apiextensions.k8s.io/v1, kind: CustomResourceDefinition, metadata: {name: certificates}}
---
{apiVersion: v1, kind: Namespace, metadata: {name: knative-serving}}
`))
	if err != nil {
		t.Fatal(err)
	}
	var got [][]string
	for _, group := range inOrder(objects) {
		var names []string
		for _, object := range group {
			names = append(names, object.GetName())
		}
		got = append(got, names)
	}
	want := [][]string{{"knative-serving"}, {"config-network", "certificates"}, {"activator"}, {"certificate"}, {"defaults"}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("order (-want +got):\n%s", diff)
	}
}
