package resolve

import (
	"fmt"
	"net"
	"strconv"
	"strings"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// apiServerService is the service through which pods reach the API server.
const apiServerService = "kubernetes"

// serviceEnv returns the variables that tell containers where services are:
// those of the pod's namespace when service links are on, and always those of
// default/kubernetes.
func (r *resolver) serviceEnv() map[string]string {
	env := map[string]string{}
	for _, s := range r.linkedServices() {
		addServiceEnv(env, s)
	}
	return env
}

// linkedServices returns the services that the pod has variables for; the API
// server's comes first, so that one of the same name in the pod's namespace
// wins, as with a kubelet.
func (r *resolver) linkedServices() []*corev1.Service {
	linked := r.apiServer()
	links := r.pod.Spec.EnableServiceLinks
	if links != nil && !*links {
		return linked
	}
	for _, s := range r.services(r.pod.Namespace) {
		isAPIServer := s.Namespace == metav1.NamespaceDefault && s.Name == apiServerService
		if !isAPIServer {
			linked = append(linked, s)
		}
	}
	return linked
}

func (r *resolver) services(namespace string) []*corev1.Service {
	services, err := r.get.Services(namespace)
	if err != nil {
		r.wait("spec.enableServiceLinks", ReasonFailedToReadServices, fmt.Errorf("reading the services of namespace %q: %w", namespace, err))
	}
	return services
}

// apiServer returns the service default/kubernetes, or one that stands for the
// address of NodeFacts.
func (r *resolver) apiServer() []*corev1.Service {
	if r.node.APIServerHost != "" {
		return []*corev1.Service{{
			ObjectMeta: metav1.ObjectMeta{Namespace: metav1.NamespaceDefault, Name: apiServerService},
			Spec: corev1.ServiceSpec{
				ClusterIP: r.node.APIServerHost,
				Ports:     []corev1.ServicePort{{Name: "https", Port: r.node.APIServerPort}},
			},
		}}
	}
	for _, s := range r.services(metav1.NamespaceDefault) {
		if s.Name == apiServerService {
			return []*corev1.Service{s}
		}
	}
	return nil
}

// addServiceEnv adds the variables of one service.
// https://kubernetes.io/docs/concepts/services-networking/service/#environment-variables
func addServiceEnv(env map[string]string, s *corev1.Service) {
	if s.Spec.ClusterIP == "" || s.Spec.ClusterIP == corev1.ClusterIPNone || len(s.Spec.Ports) == 0 {
		return
	}
	prefix := envName(s.Name)
	env[prefix+"_SERVICE_HOST"] = s.Spec.ClusterIP
	env[prefix+"_SERVICE_PORT"] = portNumber(s.Spec.Ports[0])
	env[prefix+"_PORT"] = portURL(s, s.Spec.Ports[0])
	for _, p := range s.Spec.Ports {
		if p.Name != "" {
			env[prefix+"_SERVICE_PORT_"+envName(p.Name)] = portNumber(p)
		}
		link := fmt.Sprintf("%s_PORT_%d_%s", prefix, p.Port, strings.ToUpper(protocol(p)))
		env[link] = portURL(s, p)
		env[link+"_PROTO"] = protocol(p)
		env[link+"_PORT"] = portNumber(p)
		env[link+"_ADDR"] = s.Spec.ClusterIP
	}
}

func envName(s string) string {
	return strings.ToUpper(strings.ReplaceAll(s, "-", "_"))
}

func portNumber(p corev1.ServicePort) string {
	return strconv.Itoa(int(p.Port))
}

func portURL(s *corev1.Service, p corev1.ServicePort) string {
	return protocol(p) + "://" + net.JoinHostPort(s.Spec.ClusterIP, portNumber(p))
}

// protocol is in lower case.
func protocol(p corev1.ServicePort) string {
	if p.Protocol == "" {
		return "tcp"
	}
	return strings.ToLower(string(p.Protocol))
}
