package reserve

import (
	"context"
	"fmt"

	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/ebb-node/ebb/reserve/retention"
)

// setGate closes or opens the gate. The Revision is the only place for it: Knative
// brings the PodAutoscaler's annotations back to the Revision's. The write fails if
// the Revision has changed since it was read, lest it undo what the user set.
func (r *reconciler) setGate(ctx context.Context, s *scene, closed bool) error {
	has := s.revision.Annotations[retention.Key]
	want := retention.Own(has)
	if closed {
		want = retention.Close(has)
	}
	if has == want {
		return nil
	}
	revision := s.revision.DeepCopy()
	if revision.Annotations == nil {
		revision.Annotations = map[string]string{}
	}
	revision.Annotations[retention.Key] = want
	if want == "" {
		delete(revision.Annotations, retention.Key)
	}
	patch := client.MergeFromWithOptions(s.revision, client.MergeFromWithOptimisticLock{})
	if err := r.client.Patch(ctx, revision, patch); err != nil {
		return fmt.Errorf("set annotation %s: %w", retention.Key, err)
	}
	s.revision = revision
	return nil
}
