package ebb_test

import (
	"path"
	"strings"
	"testing"

	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/serializer"
	"k8s.io/client-go/kubernetes/scheme"
	"sigs.k8s.io/yaml"
)

// resources are the files that kustomize applies, in their order.
func resources(t *testing.T, directory string) []string {
	t.Helper()
	var k struct {
		Resources []string `json:"resources"`
	}
	if err := yaml.Unmarshal([]byte(document(t, path.Join(directory, "kustomization.yaml"))), &k); err != nil {
		t.Fatal(err)
	}
	return k.Resources
}

// manifests are all objects, in the order in which they are applied. A field
// that its kind does not know is an error.
func manifests(t *testing.T) []runtime.Object {
	t.Helper()
	decoder := serializer.NewCodecFactory(scheme.Scheme, serializer.EnableStrict).UniversalDeserializer()
	var out []runtime.Object
	for _, directory := range applied {
		for _, name := range resources(t, directory) {
			for _, part := range strings.Split(document(t, path.Join(directory, name)), "\n---\n") {
				object, _, err := decoder.Decode([]byte(part), nil, nil)
				if err != nil {
					t.Fatalf("%s/%s: %v", directory, name, err)
				}
				out = append(out, object)
			}
		}
	}
	return out
}

// all are the manifests of one kind.
func all[T runtime.Object](t *testing.T) []T {
	t.Helper()
	var out []T
	for _, object := range manifests(t) {
		if o, ok := object.(T); ok {
			out = append(out, o)
		}
	}
	if len(out) == 0 {
		t.Fatalf("no %T among the manifests", *new(T))
	}
	return out
}

// only is the one manifest of a kind.
func only[T runtime.Object](t *testing.T) T {
	t.Helper()
	objects := all[T](t)
	if len(objects) != 1 {
		t.Fatalf("%d of %T, want one", len(objects), objects[0])
	}
	return objects[0]
}
