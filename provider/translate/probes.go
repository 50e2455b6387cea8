package translate

import (
	"fmt"
	"strings"

	corev1 "k8s.io/api/core/v1"

	"github.com/ebb-node/ebb/eci"
)

// maxExecWords is how long a probe's command may be.
// https://help.aliyun.com/zh/eci/developer-reference/api-eci-2018-08-08-createcontainergroup
const maxExecWords = 20

// probes translates the probes of a container. ECI has no startup probe.
func (t *translator) probes(field string, c *corev1.Container, out *eci.Container) {
	out.Liveness = t.probe(field+".livenessProbe", c, c.LivenessProbe)
	out.Readiness = t.probe(field+".readinessProbe", c, c.ReadinessProbe)
	if c.StartupProbe != nil {
		t.startup(field+".startupProbe", c, out)
	}
}

func (t *translator) probe(field string, c *corev1.Container, p *corev1.Probe) *eci.Probe {
	if p == nil {
		return nil
	}
	if p.TerminationGracePeriodSeconds != nil {
		t.warn(ReasonFieldIgnored, field+".terminationGracePeriodSeconds has no effect: the pod's is used")
	}
	return &eci.Probe{
		Handler:             t.probeHandler(field, c, p.ProbeHandler),
		InitialDelaySeconds: p.InitialDelaySeconds,
		PeriodSeconds:       p.PeriodSeconds,
		TimeoutSeconds:      p.TimeoutSeconds,
		SuccessThreshold:    p.SuccessThreshold,
		FailureThreshold:    p.FailureThreshold,
	}
}

func (t *translator) probeHandler(field string, c *corev1.Container, h corev1.ProbeHandler) eci.Handler {
	switch {
	case h.Exec != nil:
		t.checkCount(field+".exec.command", len(h.Exec.Command), maxExecWords, "words")
		return eci.Handler{Exec: h.Exec.Command}
	case h.HTTPGet != nil:
		return t.httpProbe(field+".httpGet", c, h.HTTPGet)
	case h.TCPSocket != nil:
		t.probeHost(field+".tcpSocket.host", h.TCPSocket.Host)
		return eci.Handler{TCPSocket: &eci.TCPSocket{Port: t.port(field+".tcpSocket.port", c, h.TCPSocket.Port)}}
	case h.GRPC != nil:
		t.refuse(field+".grpc", "ECI has no gRPC probes", "use tcpSocket, or exec with grpc_health_probe")
	default:
		t.refuse(field, "has no handler", "set exec, httpGet or tcpSocket")
	}
	return eci.Handler{}
}

// httpProbe translates a probe over HTTP. ECI's send no headers; what a server
// answers without them may be wrong either way, so such a probe checks just
// that the port is open: that never restarts a healthy container.
func (t *translator) httpProbe(field string, c *corev1.Container, h *corev1.HTTPGetAction) eci.Handler {
	t.probeHost(field+".host", h.Host)
	port := t.port(field+".port", c, h.Port)
	if len(h.HTTPHeaders) > 0 {
		var names []string
		for _, header := range h.HTTPHeaders {
			names = append(names, header.Name)
		}
		t.warn(ReasonProbeWeakened, fmt.Sprintf("%s: ECI's probes cannot send headers (%s); the probe only checks that port %d accepts connections",
			field+".httpHeaders", strings.Join(names, ", "), port))
		return eci.Handler{TCPSocket: &eci.TCPSocket{Port: port}}
	}
	return eci.Handler{HTTPGet: &eci.HTTPGet{Path: pathOr(h.Path), Port: port, Scheme: schemeOr(h.Scheme)}}
}

// probeHost refuses a probe of another host: ECI probes the group itself.
func (t *translator) probeHost(field, host string) {
	if host != "" {
		t.refuse(field, fmt.Sprintf("ECI probes the group itself and not %q", host), "remove it")
	}
}

func pathOr(path string) string {
	if path == "" {
		return "/"
	}
	return path
}

func schemeOr(scheme corev1.URIScheme) string {
	if scheme == "" {
		return string(corev1.URISchemeHTTP)
	}
	return string(scheme)
}
