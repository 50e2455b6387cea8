package ebb_test

import (
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	appsv1 "k8s.io/api/apps/v1"
	corev1 "k8s.io/api/core/v1"
	policyv1 "k8s.io/api/policy/v1"
	"k8s.io/apimachinery/pkg/labels"

	"github.com/ebb-node/ebb/gateway/relay"
)

// applied are the directories that kubectl apply -k takes, of objects that every
// cluster knows.
var applied = []string{"manifests", "manifests/knative"}

// TestTheManifestsCanBeApplied is about `kubectl apply -k`: it takes every file,
// each object is as its kind wants it, the namespace comes first, and no Secret
// overwrites the user's.
func TestTheManifestsCanBeApplied(t *testing.T) {
	for _, directory := range applied {
		listed := resources(t, directory)
		files, err := filepath.Glob(directory + "/*.yaml")
		if err != nil || len(files) < 2 {
			t.Fatalf("%s: %d files, %v", directory, len(files), err)
		}
		for _, file := range files {
			if name := filepath.Base(file); name != "kustomization.yaml" && !slices.Contains(listed, name) {
				t.Errorf("%s/kustomization.yaml lacks %s", directory, name)
			}
		}
	}
	objects := manifests(t)
	if _, first := objects[0].(*corev1.Namespace); !first {
		t.Errorf("the first object is a %T, want the namespace", objects[0])
	}
	for _, object := range objects {
		if _, secret := object.(*corev1.Secret); secret {
			t.Error("a Secret is among the manifests")
		}
	}
}

// pinned is an image with a version for a tag.
var pinned = regexp.MustCompile(`:v[0-9]+\.[0-9]+\.[0-9]+$`)

func TestTheDeploymentIsPinnedAndItsFlagsExist(t *testing.T) {
	container := only[*appsv1.Deployment](t).Spec.Template.Spec.Containers[0]
	if !pinned.MatchString(container.Image) {
		t.Errorf("image %s is not pinned to a version", container.Image)
	}
	if !strings.Contains(document(t, "docs/install.md"), container.Image) {
		t.Errorf("docs/install.md does not say how to build %s", container.Image)
	}
	flags := runFlags(t)
	for _, arg := range container.Args {
		name, isFlag := strings.CutPrefix(strings.Split(arg, "=")[0], "--")
		if _, known := flags[name]; isFlag && !known {
			t.Errorf("the Deployment has --%s, which ebb run does not", name)
		}
	}
}

func TestTheDeploymentIsConfined(t *testing.T) {
	pod := only[*appsv1.Deployment](t).Spec.Template.Spec
	container := pod.Containers[0]
	if pod.SecurityContext == nil || container.SecurityContext == nil {
		t.Fatal("the pod or its container has no security context")
	}
	s := container.SecurityContext
	isTrue := func(b *bool) bool { return b != nil && *b }
	for what, holds := range map[string]bool{
		"seccomp RuntimeDefault":       pod.SecurityContext.SeccompProfile != nil && pod.SecurityContext.SeccompProfile.Type == corev1.SeccompProfileTypeRuntimeDefault,
		"runAsNonRoot":                 isTrue(s.RunAsNonRoot),
		"a user other than root":       s.RunAsUser != nil && *s.RunAsUser > 0,
		"readOnlyRootFilesystem":       isTrue(s.ReadOnlyRootFilesystem),
		"no privilege escalation":      s.AllowPrivilegeEscalation != nil && !*s.AllowPrivilegeEscalation,
		"not privileged":               !isTrue(s.Privileged),
		"no capabilities":              s.Capabilities != nil && slices.Equal(s.Capabilities.Drop, []corev1.Capability{"ALL"}) && len(s.Capabilities.Add) == 0,
		"no namespaces of the host":    !pod.HostNetwork && !pod.HostPID && !pod.HostIPC,
		"one container, no others":     len(pod.Containers) == 1 && len(pod.InitContainers) == 0,
		"a limit on memory":            !container.Resources.Limits.Memory().IsZero(),
		"requests of CPU and memory":   !container.Resources.Requests.Cpu().IsZero() && !container.Resources.Requests.Memory().IsZero(),
		"probes of life and readiness": container.LivenessProbe != nil && container.ReadinessProbe != nil,
	} {
		if !holds {
			t.Errorf("the Deployment lacks: %s", what)
		}
	}
}

// TestTheManifestsFitTogether is about names that objects have for each other.
func TestTheManifestsFitTogether(t *testing.T) {
	deployment := only[*appsv1.Deployment](t)
	template := deployment.Spec.Template
	selects := func(what string, selector map[string]string) {
		if len(selector) == 0 || !labels.SelectorFromSet(selector).Matches(labels.Set(template.Labels)) {
			t.Errorf("%s selects %v, the pods have %v", what, selector, template.Labels)
		}
	}
	budget := only[*policyv1.PodDisruptionBudget](t)
	selects("the disruption budget", budget.Spec.Selector.MatchLabels)
	if *deployment.Spec.Replicas < 2 || budget.Spec.MaxUnavailable.IntValue() >= int(*deployment.Spec.Replicas) {
		t.Errorf("%d replicas, of which %v may be away", *deployment.Spec.Replicas, budget.Spec.MaxUnavailable)
	}
	for _, service := range all[*corev1.Service](t) {
		selects("Service "+service.Name, service.Spec.Selector)
		if service.Namespace != deployment.Namespace {
			t.Errorf("Service %s is in namespace %s, the pods are in %s", service.Name, service.Namespace, deployment.Namespace)
		}
	}
	ports := template.Spec.Containers[0].Ports
	for _, entry := range relay.Entries() {
		port := int32(entry.Port(8870)) // --relay-port's default
		if !slices.ContainsFunc(ports, func(p corev1.ContainerPort) bool { return p.ContainerPort == port }) {
			t.Errorf("the Deployment does not declare port %d of the relay, %s", port, entry)
		}
	}
}
