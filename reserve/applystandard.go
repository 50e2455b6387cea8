package reserve

import (
	"context"
	"fmt"

	"sigs.k8s.io/controller-runtime/pkg/client"
)

// startStandard gives the standard Deployment its first pod. The write fails if the
// Deployment has changed since it was read: the autoscaler's word goes before.
func (r *reconciler) startStandard(ctx context.Context, s *scene, wanted bool) error {
	if !wanted {
		return nil
	}
	after := s.standard.DeepCopy()
	count(after, 1)
	if err := r.client.Patch(ctx, after, client.MergeFromWithOptions(s.standard, client.MergeFromWithOptimisticLock{})); err != nil {
		return fmt.Errorf("scale Deployment %s: %w", after.Name, err)
	}
	return nil
}
