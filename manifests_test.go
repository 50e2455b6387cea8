package ebb_test

import (
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"sigs.k8s.io/yaml"
)

// objectOf is what the tests read of an object.
type objectOf struct {
	Kind string `json:"kind"`
	Spec struct {
		Template struct {
			Spec struct {
				SecurityContext struct {
					SeccompProfile struct {
						Type string `json:"type"`
					} `json:"seccompProfile"`
				} `json:"securityContext"`
				Containers []struct {
					Image string   `json:"image"`
					Args  []string `json:"args"`
				} `json:"containers"`
			} `json:"spec"`
		} `json:"template"`
	} `json:"spec"`
}

// TestTheManifestsCanBeApplied is about `kubectl apply -k manifests/`: it takes
// every file, the namespace comes first, and no Secret overwrites the user's.
func TestTheManifestsCanBeApplied(t *testing.T) {
	listed := resources(t)
	files, err := filepath.Glob("manifests/*.yaml")
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range files {
		if name := filepath.Base(file); name != "kustomization.yaml" && !slices.Contains(listed, name) {
			t.Errorf("manifests/kustomization.yaml lacks %s", name)
		}
	}
	var kinds []string
	for _, name := range listed {
		for _, o := range objects(t, name) {
			kinds = append(kinds, o.Kind)
		}
	}
	if kinds[0] != "Namespace" || !slices.Contains(kinds, "Deployment") || slices.Contains(kinds, "Secret") {
		t.Errorf("kinds %v; want the namespace first, a Deployment, and no Secret", kinds)
	}
}

// pinned is an image with a version for a tag.
var pinned = regexp.MustCompile(`:v[0-9]+\.[0-9]+\.[0-9]+$`)

func TestTheDeploymentIsPinnedAndConfined(t *testing.T) {
	flags := runFlags(t)
	pod := objects(t, "deployment.yaml")[0].Spec.Template.Spec
	if pod.SecurityContext.SeccompProfile.Type != "RuntimeDefault" {
		t.Error("the pod has no seccomp profile")
	}
	if !pinned.MatchString(pod.Containers[0].Image) {
		t.Errorf("image %s is not pinned to a version", pod.Containers[0].Image)
	}
	for _, arg := range pod.Containers[0].Args {
		name, isFlag := strings.CutPrefix(strings.Split(arg, "=")[0], "--")
		if _, known := flags[name]; isFlag && !known {
			t.Errorf("the Deployment has --%s, which ebb run does not", name)
		}
	}
}

// resources are the files that kustomize applies, in their order.
func resources(t *testing.T) []string {
	t.Helper()
	var k struct {
		Resources []string `json:"resources"`
	}
	if err := yaml.Unmarshal([]byte(document(t, "manifests/kustomization.yaml")), &k); err != nil {
		t.Fatal(err)
	}
	return k.Resources
}

// objects are those of a manifest.
func objects(t *testing.T, name string) []objectOf {
	t.Helper()
	text := document(t, "manifests/"+name)
	var out []objectOf
	for _, part := range strings.Split(text, "\n---\n") {
		var o objectOf
		if err := yaml.Unmarshal([]byte(part), &o); err != nil {
			t.Fatalf("manifests/%s: %v", name, err)
		}
		out = append(out, o)
	}
	return out
}
