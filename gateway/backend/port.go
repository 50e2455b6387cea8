package backend

import (
	"context"
	"fmt"
	"strings"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/types"
	"k8s.io/apimachinery/pkg/util/intstr"
	"knative.dev/networking/pkg/apis/networking"
)

// target is a port of a Service.
type target struct {
	service      types.NamespacedName
	name         string // as in its EndpointSlices, may be empty
	number       int    // of the Service, not of its pods
	h2c          bool
	externalName string
	revision     bool // the Service is the public one of a revision
}

// PortError means that a Service has no such port.
type PortError struct {
	Service types.NamespacedName
	Port    string
	Has     []string // the ports that it has
}

func (e *PortError) Error() string {
	return fmt.Sprintf("Service %s has no port %s; use one of: %s", e.Service, e.Port, strings.Join(e.Has, ", "))
}

func (c *Cache) resolve(ctx context.Context, name types.NamespacedName, port intstr.IntOrString) (target, error) {
	service, err := c.service(ctx, name)
	if err != nil {
		return target{}, err
	}
	for _, p := range service.Spec.Ports {
		if isPort(p, port) {
			return target{
				service: name, name: p.Name, number: int(p.Port), h2c: isH2C(p),
				externalName: externalName(service), revision: service.Labels[ServiceTypeLabel] == ServiceTypePublic,
			}, nil
		}
	}
	return target{}, &PortError{Service: name, Port: port.String(), Has: portsOf(service)}
}

// isPort compares by name or number. A number in quotes is a number, as in
// Ingresses written by hand.
func isPort(p corev1.ServicePort, wanted intstr.IntOrString) bool {
	if p.Protocol != corev1.ProtocolTCP && p.Protocol != "" {
		return false
	}
	if wanted.Type == intstr.String {
		return p.Name == wanted.StrVal || fmt.Sprint(p.Port) == wanted.StrVal
	}
	return p.Port == wanted.IntVal
}

// isH2C follows Knative's ingresses: by name, or by the protocol that
// Kubernetes defines.
func isH2C(p corev1.ServicePort) bool {
	return p.Name == networking.ServicePortNameH2C || p.Name == "h2c" ||
		p.AppProtocol != nil && *p.AppProtocol == networking.AppProtocolH2C
}

func externalName(s *corev1.Service) string {
	if s.Spec.Type != corev1.ServiceTypeExternalName {
		return ""
	}
	return s.Spec.ExternalName
}

func portsOf(s *corev1.Service) []string {
	var ports []string
	for _, p := range s.Spec.Ports {
		ports = append(ports, strings.TrimSpace(fmt.Sprintf("%d %s", p.Port, p.Name)))
	}
	return ports
}
