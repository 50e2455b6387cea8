package translate

import (
	"fmt"

	corev1 "k8s.io/api/core/v1"

	"github.com/ebb-node/ebb/eci"
)

// Defaults of a probe in Kubernetes.
// https://kubernetes.io/docs/tasks/configure-pod-container/configure-liveness-readiness-startup-probes/#configure-probes
const (
	defaultPeriodSeconds    = 10
	defaultFailureThreshold = 3
)

// startup lets other probes stand in for a startup probe. The liveness probe
// begins after the longest start that the startup probe allows, so that a slow
// start is not taken for a dead container; without a readiness probe the
// startup probe's question becomes one, so that the container is not ready
// before it has started. Lost: a container without a liveness probe is not
// restarted when its start fails, and one with it later than asked.
func (t *translator) startup(field string, c *corev1.Container, out *eci.Container) {
	p := c.StartupProbe
	longest := p.InitialDelaySeconds + positive(p.PeriodSeconds, defaultPeriodSeconds)*positive(p.FailureThreshold, defaultFailureThreshold)
	what := "no liveness probe restarts it when its start fails"
	if out.Liveness != nil {
		out.Liveness.InitialDelaySeconds += longest
		what = fmt.Sprintf("the liveness probe begins after %d s", out.Liveness.InitialDelaySeconds)
	}
	if out.Readiness == nil {
		out.Readiness = t.probe(field, c, p)
		what += ", and it counts as ready as long as the startup probe succeeds"
	} else {
		t.probe(field, c, p) // for what is wrong with it
	}
	t.warn(ReasonStartupProbeEmulated, fmt.Sprintf("%s: ECI has no startup probes; for container %q %s", field, c.Name, what))
}

func positive(n, otherwise int32) int32 {
	if n > 0 {
		return n
	}
	return otherwise
}
