package translate

import (
	"encoding/json"
	"fmt"
	"strings"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/util/intstr"

	"github.com/ebb-node/ebb/eci"
)

// Knative moves the user's readiness probe into queue-proxy: queue-proxy
// carries it in a variable, asks it itself, and is in turn probed over HTTP
// with a header that ECI cannot send. Without the header queue-proxy answers
// 400 to kubelets and takes everybody else for traffic, which would keep an
// idle revision awake.
// https://github.com/knative/serving/blob/main/pkg/reconciler/revision/resources/queue.go
const (
	knativeProbeHeader = "K-Network-Probe"
	knativeProbeEnv    = "SERVING_READINESS_PROBE"
)

// eagerPeriodSeconds is the shortest period there is. It stands for Knative's
// probing many times a second, of which a cold start's length depends.
const eagerPeriodSeconds = 1

// knativeProbes takes queue-proxy's probe apart: queue-proxy is ready when it
// accepts connections and the user's container when it answers the user's own
// probe. The pod is ready when both are, as with Knative's probe.
func (t *translator) knativeProbes() {
	for i := range t.pod.Spec.Containers {
		queue := &t.pod.Spec.Containers[i]
		if !hasKnativeProbe(queue) {
			continue
		}
		field := fmt.Sprintf("spec.containers[%d].readinessProbe", i)
		probes, err := userProbes(t.resolvedContainer(queue.Name).Env)
		if err != nil {
			t.warn(ReasonProbeWeakened, fmt.Sprintf("%s: %v; readiness only checks that queue-proxy accepts connections", field, err))
		}
		queue.ReadinessProbe = openPort(queue.ReadinessProbe, queue.ReadinessProbe.HTTPGet.Port)
		for _, p := range probes {
			t.returnProbe(field, queue, p)
		}
	}
}

func hasKnativeProbe(c *corev1.Container) bool {
	p := c.ReadinessProbe
	if p == nil || p.HTTPGet == nil {
		return false
	}
	for _, h := range p.HTTPGet.HTTPHeaders {
		if strings.EqualFold(h.Name, knativeProbeHeader) {
			return true
		}
	}
	return false
}

// openPort is probe p with the question whether port accepts connections.
func openPort(p *corev1.Probe, port intstr.IntOrString) *corev1.Probe {
	p = p.DeepCopy()
	p.ProbeHandler = corev1.ProbeHandler{TCPSocket: &corev1.TCPSocketAction{Port: port}}
	p.PeriodSeconds = eagerPeriodSeconds
	return p
}

// userProbes decodes the variable: one probe, or a list of them.
func userProbes(env []eci.EnvVar) ([]*corev1.Probe, error) {
	var text string
	for _, e := range env {
		if e.Key == knativeProbeEnv {
			text = e.Value
		}
	}
	if text == "" {
		return nil, fmt.Errorf("%s is not set", knativeProbeEnv)
	}
	var many []*corev1.Probe
	if json.Unmarshal([]byte(text), &many) == nil {
		return many, nil
	}
	one := &corev1.Probe{}
	if json.Unmarshal([]byte(text), one) != nil {
		return nil, fmt.Errorf("%s holds no probe", knativeProbeEnv)
	}
	return []*corev1.Probe{one}, nil
}

// returnProbe gives a user's probe to a container without one. All share one
// address, so any will do; the one that has the port is preferred.
func (t *translator) returnProbe(field string, queue *corev1.Container, p *corev1.Probe) {
	if p == nil {
		return
	}
	port := t.localProbe(field, p)
	var free *corev1.Container
	for i := range t.pod.Spec.Containers {
		c := &t.pod.Spec.Containers[i]
		if c.Name == queue.Name || c.ReadinessProbe != nil {
			continue
		}
		if free == nil || hasPort(c, port) && !hasPort(free, port) {
			free = c
		}
	}
	if free == nil {
		t.warn(ReasonProbeWeakened, field+": no container is left to carry the probe that queue-proxy would make")
		return
	}
	free.ReadinessProbe = p
}

// localProbe makes of a probe that queue-proxy would make itself one that ECI
// can make, and returns its port.
func (t *translator) localProbe(field string, p *corev1.Probe) intstr.IntOrString {
	if p.PeriodSeconds == 0 {
		p.PeriodSeconds = eagerPeriodSeconds
	}
	switch {
	case p.HTTPGet != nil:
		p.HTTPGet.Host = "" // queue-proxy's view: 127.0.0.1
		return p.HTTPGet.Port
	case p.TCPSocket != nil:
		p.TCPSocket.Host = ""
		return p.TCPSocket.Port
	case p.GRPC != nil:
		port := intstr.FromInt32(p.GRPC.Port)
		p.ProbeHandler = corev1.ProbeHandler{TCPSocket: &corev1.TCPSocketAction{Port: port}}
		t.warn(ReasonProbeWeakened, fmt.Sprintf("%s: ECI has no gRPC probes; the user's probe only checks that port %s accepts connections", field, port.String()))
		return port
	}
	return intstr.IntOrString{}
}

func hasPort(c *corev1.Container, port intstr.IntOrString) bool {
	for _, p := range c.Ports {
		if p.ContainerPort == port.IntVal || p.Name != "" && p.Name == port.StrVal {
			return true
		}
	}
	return false
}
