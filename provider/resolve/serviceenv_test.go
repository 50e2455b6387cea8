package resolve

import (
	"context"
	"testing"

	"github.com/google/go-cmp/cmp"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/ebb-node/ebb/eci"
)

func service(ns, name, ip string, ports ...corev1.ServicePort) *corev1.Service {
	return &corev1.Service{ObjectMeta: metav1.ObjectMeta{Namespace: ns, Name: name}, Spec: corev1.ServiceSpec{ClusterIP: ip, Ports: ports}}
}

func apiServerEnv(host, port string) []eci.EnvVar {
	return literal(
		"KUBERNETES_PORT", "tcp://"+host+":"+port,
		"KUBERNETES_PORT_"+port+"_TCP", "tcp://"+host+":"+port,
		"KUBERNETES_PORT_"+port+"_TCP_ADDR", host,
		"KUBERNETES_PORT_"+port+"_TCP_PORT", port,
		"KUBERNETES_PORT_"+port+"_TCP_PROTO", "tcp",
		"KUBERNETES_SERVICE_HOST", host,
		"KUBERNETES_SERVICE_PORT", port,
		"KUBERNETES_SERVICE_PORT_HTTPS", port,
	)
}

func TestServiceEnvironment(t *testing.T) {
	https := corev1.ServicePort{Name: "https", Port: 443, Protocol: corev1.ProtocolTCP}
	c := testCluster()
	c.services = map[string][]*corev1.Service{
		"default": {service("default", "kubernetes", "172.16.0.1", https), service("default", "other", "172.16.0.7", https)},
		"shop": {
			service("shop", "cash-desk", "172.16.0.2", corev1.ServicePort{Port: 80}, corev1.ServicePort{Name: "dns-u", Port: 53, Protocol: corev1.ProtocolUDP}),
			service("shop", "headless", corev1.ClusterIPNone, https),
			service("shop", "external", "", https),
		},
	}
	desk := literal(
		"CASH_DESK_PORT", "tcp://172.16.0.2:80",
		"CASH_DESK_PORT_53_UDP", "udp://172.16.0.2:53",
		"CASH_DESK_PORT_53_UDP_ADDR", "172.16.0.2",
		"CASH_DESK_PORT_53_UDP_PORT", "53",
		"CASH_DESK_PORT_53_UDP_PROTO", "udp",
		"CASH_DESK_PORT_80_TCP", "tcp://172.16.0.2:80",
		"CASH_DESK_PORT_80_TCP_ADDR", "172.16.0.2",
		"CASH_DESK_PORT_80_TCP_PORT", "80",
		"CASH_DESK_PORT_80_TCP_PROTO", "tcp",
		"CASH_DESK_SERVICE_HOST", "172.16.0.2",
		"CASH_DESK_SERVICE_PORT", "80",
		"CASH_DESK_SERVICE_PORT_DNS_U", "53",
	)
	api := apiServerEnv("172.16.0.1", "443")
	for name, tc := range map[string]struct {
		links *bool
		env   []corev1.EnvVar
		node  NodeFacts
		want  []eci.EnvVar
	}{
		"links by default":   {links: nil, want: append(append([]eci.EnvVar{}, desk...), api...)},
		"links on":           {links: ptr(true), want: append(append([]eci.EnvVar{}, desk...), api...)},
		"links off":          {links: ptr(false), want: api},
		"another API server": {links: ptr(false), node: NodeFacts{APIServerHost: "10.1.1.1", APIServerPort: 6443}, want: apiServerEnv("10.1.1.1", "6443")},
		"the pod's own wins": {links: ptr(false), env: []corev1.EnvVar{{Name: "KUBERNETES_SERVICE_HOST", Value: "mine"}},
			want: append(literal("KUBERNETES_SERVICE_HOST", "mine"), withoutKey(api, "KUBERNETES_SERVICE_HOST")...)},
		"references see services": {links: ptr(false), env: []corev1.EnvVar{{Name: "A", Value: "https://$(KUBERNETES_SERVICE_HOST)"}},
			want: append(literal("A", "https://172.16.0.1"), api...)},
	} {
		t.Run(name, func(t *testing.T) {
			pod := coffeePod()
			pod.Spec.EnableServiceLinks = tc.links
			pod.Spec.Containers[0].Env = tc.env
			out, _ := resolved(t, c, pod, tc.node)
			if d := cmp.Diff(tc.want, out.Containers["app"].Env); d != "" {
				t.Errorf("(-want +got):\n%s", d)
			}
		})
	}
}

func withoutKey(env []eci.EnvVar, key string) []eci.EnvVar {
	var out []eci.EnvVar
	for _, e := range env {
		if e.Key != key {
			out = append(out, e)
		}
	}
	return out
}

func TestServicesCannotBeRead(t *testing.T) {
	c := testCluster()
	c.broken = map[string]bool{"services": true}
	_, _, err := Resolve(context.Background(), coffeePod(), c.getters(), testNode)
	want := []problem{{Field: "spec.enableServiceLinks", Reason: ReasonFailedToReadServices}}
	if d := cmp.Diff(want, problems(err)); d != "" {
		t.Errorf("(-want +got):\n%s", d)
	}
}
