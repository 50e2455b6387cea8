package gateway

import (
	"reflect"

	corev1 "k8s.io/api/core/v1"
	discoveryv1 "k8s.io/api/discovery/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"knative.dev/networking/pkg/apis/networking"
	"knative.dev/networking/pkg/apis/networking/v1alpha1"

	"github.com/ebb-node/ebb/gateway/backend"
	"github.com/ebb-node/ebb/gateway/ingress"
)

// ingress keeps spec and status, which are compared as a whole.
func (t *trimmer) ingress(ing *v1alpha1.Ingress) {
	uid, annotations := ing.UID, ing.Annotations
	t.meta(&ing.ObjectMeta)
	ing.UID = uid
	ing.Annotations = t.maps.one(some(annotations, networking.IngressClassAnnotationKey, ingress.ServingIngress, networking.TagToHostAnnotationKey))
	ing.Spec.Rules = fit(ing.Spec.Rules)
	for i := range ing.Spec.Rules {
		t.rule(ing.Spec.Rules, i)
	}
	t.status(&ing.Status)
}

// rule shares paths with an earlier rule: a Route gives the same to the host
// on the internet and to those in the cluster.
func (t *trimmer) rule(rules []v1alpha1.IngressRule, i int) {
	rule := &rules[i]
	rule.Hosts = fit(rule.Hosts)
	for i := len(rule.Hosts) - 2; i >= 0; i-- {
		// Names in the cluster come shortest first and begin alike.
		rule.Hosts[i] = part(rule.Hosts[i+1], rule.Hosts[i])
	}
	rule.Visibility = v1alpha1.IngressVisibility(t.texts.one(string(rule.Visibility)))
	for _, earlier := range rules[:i] {
		if reflect.DeepEqual(earlier.HTTP, rule.HTTP) {
			rule.HTTP = earlier.HTTP
			return
		}
	}
	if rule.HTTP == nil {
		return
	}
	rule.HTTP.Paths = fit(rule.HTTP.Paths)
	for j := range rule.HTTP.Paths {
		path := &rule.HTTP.Paths[j]
		path.Splits = fit(path.Splits)
		for k := range path.Splits {
			t.split(&path.Splits[k])
		}
	}
}

func (t *trimmer) split(s *v1alpha1.IngressBackendSplit) {
	s.ServiceNamespace = t.texts.one(s.ServiceNamespace)
	if s.AppendHeaders == nil {
		return
	}
	headers := make(map[string]string, len(s.AppendHeaders))
	for name, value := range s.AppendHeaders {
		switch value {
		case s.ServiceName:
			value = s.ServiceName
		case s.ServiceNamespace:
			value = s.ServiceNamespace
		}
		headers[t.texts.one(name)] = value
	}
	s.AppendHeaders = headers
}

func (t *trimmer) status(s *v1alpha1.IngressStatus) {
	s.Conditions = fit(s.Conditions)
	for i := range s.Conditions {
		c := &s.Conditions[i]
		c.Type, c.Status = typed(t, c.Type), typed(t, c.Status)
	}
	s.PublicLoadBalancer, s.PrivateLoadBalancer = t.balancers.one(s.PublicLoadBalancer), t.balancers.one(s.PrivateLoadBalancer)
}

// typed is a string of any type, shared.
func typed[S ~string](t *trimmer, s S) S { return S(t.texts.one(string(s))) }

// service keeps ports and type. The label that names a revision's public
// Service is needed on others alone.
func (t *trimmer) service(s *corev1.Service) {
	if _, ok := balancerOf(s.Name); ok {
		s.ManagedFields = nil
		return
	}
	labels := s.Labels
	t.meta(&s.ObjectMeta)
	keep := []string{backend.ServiceTypeLabel}
	if labels[backend.RevisionLabel] != s.Name {
		keep = append(keep, backend.RevisionLabel)
	}
	s.Labels = t.maps.one(some(labels, keep...))
	spec := s.Spec
	s.Spec = corev1.ServiceSpec{Type: typed(t, spec.Type), ExternalName: spec.ExternalName, LoadBalancerClass: spec.LoadBalancerClass}
	s.Status = corev1.ServiceStatus{}
	for _, p := range spec.Ports {
		s.Spec.Ports = append(s.Spec.Ports, corev1.ServicePort{Name: p.Name, Protocol: p.Protocol, AppProtocol: p.AppProtocol, Port: p.Port})
	}
	s.Spec.Ports = t.servicePorts.one(s.Spec.Ports)
}

// slice keeps addresses, with their pods and conditions.
func (t *trimmer) slice(s *discoveryv1.EndpointSlice) {
	if _, ok := balancerOf(s.Name); ok {
		s.ManagedFields = nil
		return
	}
	labels := s.Labels
	t.meta(&s.ObjectMeta)
	s.Labels = some(labels, discoveryv1.LabelServiceName, backend.RevisionLabel, backend.ServiceTypeLabel)
	for key, value := range s.Labels {
		s.Labels[key] = part(s.Name, value) // it begins with the Service's
	}
	if kind, ok := s.Labels[backend.ServiceTypeLabel]; ok {
		s.Labels[backend.ServiceTypeLabel] = t.texts.one(kind)
	}
	s.AddressType = typed(t, s.AddressType)
	s.Ports = t.endpointPorts.one(fit(s.Ports))
	s.Endpoints = fit(s.Endpoints)
	for i := range s.Endpoints {
		e := &s.Endpoints[i]
		*e = discoveryv1.Endpoint{Addresses: fit(e.Addresses), Conditions: t.conditions.one(e.Conditions), TargetRef: e.TargetRef}
		if ref := e.TargetRef; ref != nil {
			e.TargetRef = &corev1.ObjectReference{Kind: t.texts.one(ref.Kind), Namespace: t.texts.one(ref.Namespace), Name: ref.Name}
		}
	}
}

// pod keeps its network interface.
func (t *trimmer) pod(p *metav1.PartialObjectMetadata) {
	annotations := p.Annotations
	t.meta(&p.ObjectMeta)
	p.Annotations = some(annotations, annotationENI)
}
