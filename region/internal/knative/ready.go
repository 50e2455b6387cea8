package knative

import (
	"context"

	appsv1 "k8s.io/api/apps/v1"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/client-go/dynamic"
	"k8s.io/client-go/kubernetes"
)

// Component is one of Knative's Deployments.
type Component struct {
	Name  string
	Ready bool
	// Reason says why it is not ready, as far as the cluster knows.
	Reason string
}

// Components answers the state of what is installed; none means that Knative
// is not.
func Components(ctx context.Context, client kubernetes.Interface) ([]Component, error) {
	list, err := client.AppsV1().Deployments(Namespace).List(ctx, metav1.ListOptions{})
	if err != nil {
		return nil, err
	}
	var components []Component
	for _, deployment := range list.Items {
		components = append(components, component(&deployment))
	}
	return components, nil
}

func component(d *appsv1.Deployment) Component {
	c := Component{Name: d.Name, Reason: "no pod yet"}
	for _, condition := range d.Status.Conditions {
		if condition.Type == appsv1.DeploymentAvailable {
			c.Ready = condition.Status == corev1.ConditionTrue
			c.Reason = condition.Message
		}
	}
	if c.Ready {
		c.Reason = ""
	}
	return c
}

var services = schema.GroupVersionResource{Group: "serving.knative.dev", Version: "v1", Resource: "services"}

// Accepts asks the API server to admit a Knative Service, without keeping it:
// that takes the webhook, its certificate, and the way to it.
func Accepts(ctx context.Context, client dynamic.Interface) error {
	service := &unstructured.Unstructured{Object: map[string]any{
		"apiVersion": services.GroupVersion().String(),
		"kind":       "Service",
		"metadata":   map[string]any{"name": "never-made"},
		"spec": map[string]any{"template": map[string]any{"spec": map[string]any{
			"containers": []any{map[string]any{"image": "dev.local/never-made"}},
		}}},
	}}
	_, err := client.Resource(services).Namespace(metav1.NamespaceDefault).Create(ctx, service, metav1.CreateOptions{DryRun: []string{metav1.DryRunAll}})
	return err
}
