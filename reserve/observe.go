package reserve

import (
	"time"

	"knative.dev/serving/pkg/apis/autoscaling/v1alpha1"
	servingv1 "knative.dev/serving/pkg/apis/serving/v1"

	"github.com/ebb-node/ebb/reserve/decide"
	"github.com/ebb-node/ebb/reserve/retention"
	"github.com/ebb-node/ebb/reserve/shape"
)

// timedOut is the reason of an autoscaler that gave up starting pods (serving
// pkg/reconciler/autoscaling/kpa/kpa.go).
const timedOut = "TimedOut"

// observe is what a scene means for the decision.
func (r *reconciler) observe(s *scene) decide.Observation {
	o := decide.Observation{
		Now: r.Clock.Now(), Off: r.off(s), Always: scaledOtherwise(s) != "", Replicas: s.settings.Replicas,
		DrainBound: timeout(s.revision), Memory: s.record.Memory,
		Unreported: r.reports.Unreported(),
	}
	if s.scaler == nil || s.standard == nil || !s.revision.DeletionTimestamp.IsZero() {
		return o // there is nobody to hand over to
	}
	if s.noSpec != nil {
		o.NoSpec = s.noSpec.Error()
	}
	o.Scaler = scalerOf(s.scaler)
	o.Standard = decide.Standard{Replicas: replicas(s.standard.Spec.Replicas), Ready: int(s.standard.Status.ReadyReplicas)}
	o.Gate = decide.Gate{
		Closed: retention.IsClosed(s.revision.Annotations[retention.Key]),
		Holds:  retention.Holds(s.scaler.Annotations[retention.Key]),
	}
	if s.reserve != nil {
		o.Reserve = decide.Reserve{
			Exists: true, Replicas: replicas(s.reserve.Spec.Replicas),
			Outdated: o.Off == "" && s.reserve.Annotations[shape.AnnotationSource] != shape.Source(r.input(s)),
		}
	}
	for i := range s.pods {
		o.Pods = append(o.Pods, r.observePod(s, &s.pods[i]))
	}
	return o
}

func scalerOf(pa *v1alpha1.PodAutoscaler) decide.Scaler {
	out := decide.Scaler{Desired: int(pa.Status.GetDesiredScale())}
	active := pa.Status.GetCondition(v1alpha1.PodAutoscalerConditionActive)
	switch {
	case active.IsTrue():
		out.Activity = decide.Serving
	case active.IsFalse():
		out.Activity, out.TimedOut = decide.Idle, active.Reason == timedOut
	}
	if active != nil {
		out.Since = active.LastTransitionTime.Inner.Time
	}
	return out
}

// timeout is how long a request of a revision may take.
func timeout(revision *servingv1.Revision) time.Duration {
	// Knative's default (serving pkg/apis/config/defaults.go).
	seconds := int64(300)
	if s := revision.Spec.TimeoutSeconds; s != nil {
		seconds = *s
	}
	return time.Duration(seconds) * time.Second
}

// replicas has Kubernetes' default.
func replicas(n *int32) int {
	if n == nil {
		return 1
	}
	return int(*n)
}
