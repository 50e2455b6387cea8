package shape_test

import (
	"os"
	"testing"

	appsv1 "k8s.io/api/apps/v1"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	servingv1 "knative.dev/serving/pkg/apis/serving/v1"
	"sigs.k8s.io/yaml"

	"github.com/ebb-node/ebb/instancespecs"
	"github.com/ebb-node/ebb/reserve/settings"
	"github.com/ebb-node/ebb/reserve/shape"
)

// input is a reserve on the virtual node for the Deployment of testdata.
func input(t *testing.T) shape.Input {
	t.Helper()
	return shape.Input{
		Revision: &servingv1.Revision{ObjectMeta: metav1.ObjectMeta{Name: "coffee-00001", Namespace: "default", UID: "uid-1"}},
		Standard: standard(t),
		Settings: settings.Settings{Type: settings.ECI, Replicas: 1},
		Specs:    shape.Specs{List: "ecs.t5-c1m1.large,ecs.t5-lc1m2.small", Least: instancespecs.Size{VCPU: 1, MemoryGiB: 2}},
		Place: shape.Place{
			NodeSelector: map[string]string{"type": "virtual-kubelet"},
			Tolerations:  []corev1.Toleration{{Key: "virtual-kubelet.io/provider", Operator: corev1.TolerationOpExists, Effect: corev1.TaintEffectNoSchedule}},
		},
		Replicas: 1,
	}
}

func standard(t *testing.T) *appsv1.Deployment {
	t.Helper()
	d := &appsv1.Deployment{}
	if err := yaml.UnmarshalStrict([]byte(text(t, "standard.yaml")), d); err != nil {
		t.Fatal(err)
	}
	return d
}

func text(t *testing.T, name string) string {
	t.Helper()
	b, err := os.ReadFile("testdata/" + name)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// built is the reserve for an input with changes.
func built(t *testing.T, changes ...func(*shape.Input)) *appsv1.Deployment {
	t.Helper()
	in := input(t)
	for _, c := range changes {
		c(&in)
	}
	return shape.Build(in)
}

func user(d *appsv1.Deployment) *corev1.Container { return &d.Spec.Template.Spec.Containers[0] }
