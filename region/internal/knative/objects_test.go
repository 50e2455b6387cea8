package knative

import (
	"os/exec"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	"github.com/ebb-node/ebb/region/internal/apply"
)

var settings = Settings{
	Registry:         "registry:5000",
	IngressClass:     "some.class",
	Domain:           "example.com",
	SkipTagResolving: []string{"registry:5000", "dev.local"},
	QueueCPU:         "0",
	Autoscaler:       map[string]string{"stable-window": "6s"},
}

const before = `
kind: Deployment
metadata: {name: activator}
spec: {template: {spec: {containers: [{name: activator, image: "ko://knative.dev/serving/cmd/activator"}]}}}
---
kind: ConfigMap
metadata: {name: config-autoscaler}
data: {_example: "#\nstable-window: 60s"}
---
kind: ConfigMap
metadata: {name: config-deployment}
data:
  _example: "#\nregistries-skipping-tag-resolving: some\nqueue-sidecar-cpu-request: 25m"
  queue-sidecar-image: "ko://knative.dev/serving/cmd/queue"
---
kind: ConfigMap
metadata: {name: config-gc}
data: {_example: "#\nmin-non-active-revisions: 20"}
---
kind: Service
metadata: {name: config-network}
`

const after = `
kind: Deployment
metadata: {name: activator}
spec: {template: {spec: {containers: [{name: activator, image: "registry:5000/knative.dev/serving/cmd/activator:` + Version + `"}]}}}
---
kind: ConfigMap
metadata: {name: config-autoscaler}
data: {_example: "#\nstable-window: 60s", stable-window: 6s}
---
kind: ConfigMap
metadata: {name: config-deployment}
data:
  _example: "#\nregistries-skipping-tag-resolving: some\nqueue-sidecar-cpu-request: 25m"
  queue-sidecar-image: "registry:5000/knative.dev/serving/cmd/queue:` + Version + `"
  registries-skipping-tag-resolving: registry:5000,dev.local
  queue-sidecar-cpu-request: "0"
---
kind: ConfigMap
metadata: {name: config-gc}
data: {_example: "#\nmin-non-active-revisions: 20"}
---
kind: Service
metadata: {name: config-network}
`

func TestOnlyImagesAndValuesAreSet(t *testing.T) {
	got, err := settings.Objects([]byte(before))
	if err != nil {
		t.Fatal(err)
	}
	want, err := apply.Decode([]byte(after))
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("objects (-want +got):\n%s", diff)
	}
}

func TestSettingsThatKnativeWouldRefuse(t *testing.T) {
	for key, value := range map[string]string{"stable-window": "1s", "stable-widow": "6s"} {
		wrong := settings
		wrong.Autoscaler = map[string]string{key: value}
		if _, err := wrong.Objects([]byte(before)); err == nil || !strings.Contains(err.Error(), key) {
			t.Errorf("%s=%s: %v, want an error that names the key", key, value, err)
		}
	}
}

// TestTheModulesHoldAllOfKnative reads the YAML that a build would collect.
func TestTheModulesHoldAllOfKnative(t *testing.T) {
	stream, err := Collect(moduleDirs(t))
	if err != nil {
		t.Fatal(err)
	}
	objects, err := settings.Objects(stream)
	if err != nil {
		t.Fatal(err)
	}
	names := map[string][]string{}
	for _, object := range objects {
		names[object.GetKind()] = append(names[object.GetKind()], object.GetName())
	}
	for _, list := range names {
		slices.Sort(list)
	}
	if diff := cmp.Diff([]string{"activator", "autoscaler", "controller", "webhook"}, names["Deployment"]); diff != "" {
		t.Errorf("Deployments (-want +got):\n%s", diff)
	}
	if n := len(names["CustomResourceDefinition"]); n != 12 {
		t.Errorf("%d CRDs, want the 12 that Knative Serving has: %v", n, names["CustomResourceDefinition"])
	}
	for _, kind := range []string{"HorizontalPodAutoscaler", "PodDisruptionBudget"} {
		if len(names[kind]) > 0 {
			t.Errorf("%s %v is there", kind, names[kind])
		}
	}
	named := images(objects)
	slices.Sort(named)
	if diff := cmp.Diff(Programs, slices.Compact(named)); diff != "" {
		t.Errorf("programs that are built and those that are named (-built +named):\n%s", diff)
	}
}

// images are the programs whose images the objects name.
func images(objects []*unstructured.Unstructured) []string {
	var found []string
	for _, object := range objects {
		text, _ := object.MarshalJSON()
		for _, part := range strings.Split(string(text), `"`) {
			if image, ok := strings.CutPrefix(part, settings.Registry+"/"); ok {
				found = append(found, strings.TrimSuffix(image, ":"+Version))
			}
		}
	}
	return found
}

func TestTheVersionIsTheModules(t *testing.T) {
	output, err := exec.Command("go", "list", "-m", "-f", "{{.Version}}", "knative.dev/serving").Output()
	if err != nil {
		t.Fatal(err)
	}
	if got := strings.TrimSpace(string(output)); got != Version {
		t.Errorf("go.mod has knative.dev/serving %s, Version is %s", got, Version)
	}
}

func moduleDirs(t *testing.T) map[string]string {
	t.Helper()
	dirs := map[string]string{}
	for _, module := range Modules() {
		output, err := exec.Command("go", "list", "-m", "-f", "{{.Dir}}", module).Output()
		if err != nil {
			t.Fatal(err)
		}
		dirs[module] = strings.TrimSpace(string(output))
	}
	return dirs
}
