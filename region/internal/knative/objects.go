package knative

import (
	"fmt"
	"strings"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"knative.dev/serving/pkg/autoscaler/config"

	"github.com/ebb-node/ebb/region/internal/apply"
)

// Namespace is where Knative's components run.
const Namespace = "knative-serving"

// Settings are what is not as it is in Knative's own YAML.
type Settings struct {
	// Registry serves the images of Knative's programs.
	Registry string
	// IngressClass names the gateway that Routes ask for.
	IngressClass string
	// Domain is what the hosts of Services end with.
	Domain string
	// SkipTagResolving are registries whose tags Knative leaves as they are.
	SkipTagResolving []string
	// QueueCPU is what queue-proxy asks for; empty leaves Knative's default.
	QueueCPU string
	// Autoscaler are values of the ConfigMap config-autoscaler.
	Autoscaler map[string]string
}

// Objects reads the stream that Collect made, and sets what the settings ask
// for. It refuses values that Knative would.
func (s Settings) Objects(stream []byte) ([]*unstructured.Unstructured, error) {
	if _, err := config.NewConfigFromMap(s.Autoscaler); err != nil {
		return nil, fmt.Errorf("ConfigMap %s: %w", config.ConfigName, err)
	}
	objects, err := apply.Decode(stream)
	if err != nil {
		return nil, err
	}
	data := s.configMaps()
	for _, object := range objects {
		object.Object = s.withImages(object.Object).(map[string]any)
		if values := data[object.GetName()]; object.GetKind() == "ConfigMap" && len(values) > 0 {
			if err := setData(object, values); err != nil {
				return nil, err
			}
		}
	}
	return objects, nil
}

// configMaps are the values to set, by the name of the ConfigMap.
func (s Settings) configMaps() map[string]map[string]string {
	deployment := map[string]string{"registries-skipping-tag-resolving": strings.Join(s.SkipTagResolving, ",")}
	if s.QueueCPU != "" {
		deployment["queue-sidecar-cpu-request"] = s.QueueCPU
	}
	return map[string]map[string]string{
		"config-network":    {"ingress-class": s.IngressClass},
		"config-domain":     {s.Domain: ""},
		"config-deployment": deployment,
		config.ConfigName:   s.Autoscaler,
	}
}

// example is the key under which Knative's ConfigMaps document all others.
const example = "_example"

func setData(object *unstructured.Unstructured, values map[string]string) error {
	data, _, err := unstructured.NestedStringMap(object.Object, "data")
	if err != nil {
		return err
	}
	for key, value := range values {
		if !strings.Contains(data[example], "\n"+key+":") {
			return fmt.Errorf("ConfigMap %s: Knative knows no key %q", object.GetName(), key)
		}
		data[key] = value
	}
	return unstructured.SetNestedStringMap(object.Object, data, "data")
}

// withImages replaces import paths of programs by their images.
func (s Settings) withImages(value any) any {
	switch value := value.(type) {
	case map[string]any:
		for key, inner := range value {
			value[key] = s.withImages(inner)
		}
	case []any:
		for i, inner := range value {
			value[i] = s.withImages(inner)
		}
	case string:
		if image, ok := reference(s.Registry, value); ok {
			return image
		}
	}
	return value
}
