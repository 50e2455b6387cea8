package translate

import (
	"errors"

	corev1 "k8s.io/api/core/v1"

	"github.com/ebb-node/ebb/eci"
	"github.com/ebb-node/ebb/provider/resolve"
)

// Note is something that belongs on the pod as an event.
type Note = resolve.Note

// UnsupportedError says which field of a pod cannot be had and why.
type UnsupportedError = resolve.UnsupportedError

// Plan is how to create the container group of a pod.
type Plan struct {
	// Attempts are to be tried in this order: the next one when there is no
	// stock for one. Each differs from the others, so each needs a ClientToken
	// of its own. There is at least one.
	Attempts []eci.CreateRequest
	// FailStrategy says what to do when all attempts found no stock.
	FailStrategy FailStrategy
	// EvictOnSpotRelease: evict the pod when ECI announces that its spot
	// instance will be reclaimed.
	EvictOnSpotRelease bool
	// Warnings tell what the group will not do quite as the pod asks.
	Warnings []Note
}

// translator carries one translation. pod is a copy that may be changed.
type translator struct {
	pod      *corev1.Pod
	resolved *resolve.Resolved
	config   Config
	request  eci.CreateRequest // common to all attempts
	readOnly map[string]bool   // volumes whose mounts are all read-only
	plan     Plan
	errs     []error
}

// Translate makes the plan for a pod. The error joins an UnsupportedError for
// every field that cannot be had.
func Translate(pod *corev1.Pod, resolved *resolve.Resolved, config Config) (*Plan, error) {
	t := &translator{pod: pod.DeepCopy(), resolved: resolved, config: config, readOnly: map[string]bool{}}
	t.request.Name = GroupName(pod)
	t.request.Extra = map[string]string{}

	t.annotations()
	t.podSpec()
	t.podSecurity()
	t.hosts()
	t.dns()
	t.volumes()
	t.containers()
	t.ephemeralStorage()
	t.tags()
	t.plan.FailStrategy = t.failStrategy()
	t.attempts()

	if err := errors.Join(t.errs...); err != nil {
		return nil, err
	}
	return &t.plan, nil
}

// refuse records a field that cannot be had, once.
func (t *translator) refuse(field, reason, hint string) {
	e := UnsupportedError{Field: field, Reason: reason, Hint: hint}
	for _, have := range t.errs {
		var u *UnsupportedError
		if errors.As(have, &u) && *u == e {
			return
		}
	}
	t.errs = append(t.errs, &e)
}

// warn records what the group will do differently.
func (t *translator) warn(reason, message string) {
	t.plan.Warnings = append(t.plan.Warnings, resolve.Warning(reason, message))
}

// Reasons of warnings.
const (
	// ReasonAnnotationIgnored: an annotation has no effect.
	ReasonAnnotationIgnored = "AnnotationIgnored"
	// ReasonUnknownAnnotation: an annotation looks like one of ECI's and is
	// none.
	ReasonUnknownAnnotation = "UnknownAnnotation"
	// ReasonFieldIgnored: a field of the pod has no effect.
	ReasonFieldIgnored = "FieldIgnored"
	// ReasonProbeWeakened: a probe checks less than the pod asks for.
	ReasonProbeWeakened = "ProbeWeakened"
	// ReasonStartupProbeEmulated: other probes stand in for a startup probe.
	ReasonStartupProbeEmulated = "StartupProbeEmulated"
	// ReasonHookEmulated: a life-cycle hook is done by other means.
	ReasonHookEmulated = "HookEmulated"
	// ReasonSidecarEmulated: a native sidecar runs as an ordinary container.
	ReasonSidecarEmulated = "SidecarEmulated"
	// ReasonLimitsDropped: the containers share the whole instance.
	ReasonLimitsDropped = "ContainerLimitsDropped"
	// ReasonSpecRounded: a size that is not sold was rounded up.
	ReasonSpecRounded = "SpecRoundedUp"
	// ReasonMissingClusterDNS is a kubelet's reason for a pod that wants the
	// cluster's DNS on a node that does not know it.
	ReasonMissingClusterDNS = "MissingClusterDNS"
)
