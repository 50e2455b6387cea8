package ingress

import (
	"testing"
	"time"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/types"
	"k8s.io/apimachinery/pkg/util/intstr"
	"knative.dev/networking/pkg/apis/networking"
	"knative.dev/networking/pkg/apis/networking/v1alpha1"
)

const namespace = "default"

// object is an Ingress of this class with the rules.
func object(name string, rules ...v1alpha1.IngressRule) *v1alpha1.Ingress {
	return &v1alpha1.Ingress{
		ObjectMeta: metav1.ObjectMeta{
			Namespace: namespace, Name: name,
			Annotations: map[string]string{networking.IngressClassAnnotationKey: Class},
		},
		Spec: v1alpha1.IngressSpec{Rules: rules},
	}
}

func annotated(ing *v1alpha1.Ingress, key, value string) *v1alpha1.Ingress {
	ing.Annotations[key] = value
	return ing
}

func external(host string, paths ...v1alpha1.HTTPIngressPath) v1alpha1.IngressRule {
	return rule(v1alpha1.IngressVisibilityExternalIP, []string{host}, paths...)
}

func local(hosts []string, paths ...v1alpha1.HTTPIngressPath) v1alpha1.IngressRule {
	return rule(v1alpha1.IngressVisibilityClusterLocal, hosts, paths...)
}

func rule(v v1alpha1.IngressVisibility, hosts []string, paths ...v1alpha1.HTTPIngressPath) v1alpha1.IngressRule {
	return v1alpha1.IngressRule{
		Hosts: hosts, Visibility: v, HTTP: &v1alpha1.HTTPIngressRuleValue{Paths: paths},
	}
}

// to is a path to one Service; prefix may be empty.
func to(prefix, service string) v1alpha1.HTTPIngressPath {
	return v1alpha1.HTTPIngressPath{Path: prefix, Splits: []v1alpha1.IngressBackendSplit{split(service, 100)}}
}

func split(service string, percent int) v1alpha1.IngressBackendSplit {
	return v1alpha1.IngressBackendSplit{
		IngressBackend: v1alpha1.IngressBackend{
			ServiceNamespace: namespace, ServiceName: service, ServicePort: intstr.FromInt32(80),
		},
		Percent: percent,
	}
}

// revision is a split as a Route writes it.
func revision(name string, percent int) v1alpha1.IngressBackendSplit {
	s := split(name, percent)
	s.AppendHeaders = map[string]string{"Knative-Serving-Revision": name, "Knative-Serving-Namespace": namespace}
	return s
}

// read is for Ingresses without problems.
func read(t *testing.T, ing *v1alpha1.Ingress) []Host {
	t.Helper()
	hosts, problems := Hosts(ing)
	for _, p := range problems {
		t.Error(p)
	}
	return hosts
}

// one is for Ingresses with one host.
func one(t *testing.T, ing *v1alpha1.Ingress) Host {
	t.Helper()
	hosts := read(t, ing)
	if len(hosts) != 1 {
		t.Fatalf("%d hosts, want 1: %v", len(hosts), hosts)
	}
	return hosts[0]
}

func named(name string) types.NamespacedName {
	return types.NamespacedName{Namespace: namespace, Name: name}
}

// day is an instant that is later for greater n.
func day(n int) time.Time { return time.Date(2026, 1, n, 0, 0, 0, 0, time.UTC) }
