package translate

import (
	"fmt"
	"strconv"

	corev1 "k8s.io/api/core/v1"

	"github.com/ebb-node/ebb/eci"
)

// lifecycle translates the hooks of a container; unlike probes they carry
// headers and a host.
func (t *translator) lifecycle(field string, c *corev1.Container, out *eci.Container) {
	if c.Lifecycle == nil {
		return
	}
	field += ".lifecycle"
	if c.Lifecycle.StopSignal != nil {
		t.refuse(field+".stopSignal", "ECI stops containers with the signal of their image", "set STOPSIGNAL in the image")
	}
	if hook := c.Lifecycle.PostStart; hook != nil {
		if hook.Sleep != nil {
			t.refuse(field+".postStart.sleep", "ECI has no sleep hooks, and a command that is missing would stop the container", "use exec")
		} else {
			out.PostStart = t.hook(field+".postStart", c, hook)
		}
	}
	if hook := c.Lifecycle.PreStop; hook != nil {
		if hook.Sleep != nil {
			out.PreStop = t.sleep(field+".preStop.sleep", hook.Sleep)
		} else {
			out.PreStop = t.hook(field+".preStop", c, hook)
		}
	}
}

// sleep runs the command sleep. An image without one stops at once, which the
// warning says.
func (t *translator) sleep(field string, s *corev1.SleepAction) *eci.Handler {
	if s.Seconds <= 0 {
		return nil
	}
	t.warn(ReasonHookEmulated, fmt.Sprintf("%s: ECI has no sleep hooks; the command sleep of the image is run, if it has one", field))
	return &eci.Handler{Exec: []string{"sleep", strconv.FormatInt(s.Seconds, 10)}}
}

func (t *translator) hook(field string, c *corev1.Container, h *corev1.LifecycleHandler) *eci.Handler {
	switch {
	case h.Exec != nil:
		t.checkCount(field+".exec.command", len(h.Exec.Command), maxExecWords, "words")
		return &eci.Handler{Exec: h.Exec.Command}
	case h.HTTPGet != nil:
		get := &eci.HTTPGet{
			Host:   h.HTTPGet.Host,
			Path:   pathOr(h.HTTPGet.Path),
			Port:   t.port(field+".httpGet.port", c, h.HTTPGet.Port),
			Scheme: schemeOr(h.HTTPGet.Scheme),
		}
		for _, header := range h.HTTPGet.HTTPHeaders {
			get.Headers = append(get.Headers, eci.KeyValue{Key: header.Name, Value: header.Value})
		}
		return &eci.Handler{HTTPGet: get}
	case h.TCPSocket != nil:
		return &eci.Handler{TCPSocket: &eci.TCPSocket{Host: h.TCPSocket.Host, Port: t.port(field+".tcpSocket.port", c, h.TCPSocket.Port)}}
	}
	t.refuse(field, "has no handler", "set exec or httpGet")
	return nil
}
