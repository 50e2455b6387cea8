package provider

import (
	"context"
	"fmt"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/ebb-node/ebb/eci"
	"github.com/ebb-node/ebb/provider/resolve"
	"github.com/ebb-node/ebb/provider/translate"
)

// Planner turns a pod into what to ask the cloud for. Its errors are those of
// packages resolve and translate; the notes belong on the pod either way. The
// tags come first in every request.
type Planner interface {
	Plan(ctx context.Context, pod *corev1.Pod, tags []eci.KeyValue) (*translate.Plan, []resolve.Note, error)
}

// PodPlanner is the Planner of the product: it resolves what a pod names and
// translates the result.
type PodPlanner struct {
	Getters   resolve.Getters
	Node      resolve.NodeFacts
	Translate translate.Config
	// Profile has the cluster's defaults. May be nil.
	Profile func(context.Context) (translate.Profile, error)
}

// ReasonProfile: the cluster's defaults cannot be read, so that it is not
// known where the pod belongs.
const ReasonProfile = "FailedToReadProfile"

// errDaemonSet refuses the pods of DaemonSets: there is no machine that they
// could serve, and each would be a machine of its own
// (https://www.alibabacloud.com/help/doc-detail/89138.htm).
var errDaemonSet = &translate.UnsupportedError{
	Field: "metadata.ownerReferences", Reason: "pods of a DaemonSet do not run on a virtual node",
	Hint: "exclude nodes with the label type=virtual-kubelet by node affinity",
}

// Plan implements Planner.
func (p *PodPlanner) Plan(ctx context.Context, pod *corev1.Pod, tags []eci.KeyValue) (*translate.Plan, []resolve.Note, error) {
	if owner := metav1.GetControllerOf(pod); owner != nil && owner.Kind == "DaemonSet" {
		return nil, nil, errDaemonSet
	}
	config := p.Translate
	if p.Profile != nil {
		profile, err := p.Profile(ctx)
		if err != nil {
			return nil, []resolve.Note{resolve.Warning(ReasonProfile, err.Error())}, err
		}
		pod, config = profile.Apply(pod, nil), profile.Config(config)
	}
	resolved, notes, err := resolve.Resolve(ctx, pod, p.Getters, p.Node)
	if err != nil {
		return nil, notes, err
	}
	config.Tags = tags
	plan, err := translate.Translate(pod, resolved, config)
	if err != nil {
		return nil, notes, err
	}
	if len(plan.Attempts) == 0 {
		return nil, notes, fmt.Errorf("pod %s/%s: the translation has no attempt", pod.Namespace, pod.Name)
	}
	return plan, append(notes, plan.Warnings...), nil
}
