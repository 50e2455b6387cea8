package reserve

import (
	"context"
	"errors"
	"fmt"
	"slices"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/equality"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/ebb-node/ebb/reserve/decide"
	"github.com/ebb-node/ebb/reserve/shape"
)

// changePods takes pods out of the endpoints, and has the one counted that is to be.
func (r *reconciler) changePods(ctx context.Context, s *scene, d *decide.Decision) error {
	var errs []error
	for i := range s.pods {
		before := &s.pods[i]
		after := before.DeepCopy()
		if slices.Contains(d.Detach, before.Name) && shape.Attached(before) {
			shape.Detach(after, r.Clock.Now())
		} else if shape.Attached(before) {
			shape.Count(after, counted(s, d, before.Name))
		}
		if equality.Semantic.DeepEqual(before.ObjectMeta, after.ObjectMeta) {
			continue
		}
		if err := r.client.Patch(ctx, after, client.MergeFrom(before)); err != nil {
			errs = append(errs, fmt.Errorf("labels of pod %s: %w", before.Name, err))
			continue
		}
		s.pods[i] = *after
	}
	return errors.Join(errs...)
}

// counted is the revision as one of whose pods a pod is counted; "" for none.
func counted(s *scene, d *decide.Decision, pod string) string {
	if d.Count == pod {
		return s.revision.Name
	}
	return ""
}

// deletePods deletes pods; one that is gone already is what was wanted.
func (r *reconciler) deletePods(ctx context.Context, s *scene, pods []string) error {
	var errs []error
	for _, name := range pods {
		pod := s.pod(name)
		if pod == nil {
			continue
		}
		if err := r.client.Delete(ctx, pod, client.Preconditions{UID: &pod.UID}); client.IgnoreNotFound(err) != nil {
			errs = append(errs, fmt.Errorf("delete pod %s: %w", name, err))
		}
	}
	return errors.Join(errs...)
}

func (s *scene) pod(name string) *corev1.Pod {
	for i := range s.pods {
		if s.pods[i].Name == name {
			return &s.pods[i]
		}
	}
	return nil
}
