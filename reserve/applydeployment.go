package reserve

import (
	"context"
	"fmt"
	"maps"

	appsv1 "k8s.io/api/apps/v1"
	"k8s.io/apimachinery/pkg/api/equality"
	"k8s.io/apimachinery/pkg/types"

	"github.com/ebb-node/ebb/reserve/cost"
	"github.com/ebb-node/ebb/reserve/decide"
	"github.com/ebb-node/ebb/reserve/record"
	"github.com/ebb-node/ebb/reserve/shape"
)

// input is what the reserve Deployment of a scene is built from.
func (r *reconciler) input(s *scene) shape.Input {
	return shape.Input{
		Revision: s.revision, Standard: s.standard, Settings: s.settings, Specs: s.specs,
		Place: shape.Place{NodeSelector: r.NodeSelector, Tolerations: r.Tolerations},
	}
}

// setDeployment makes the reserve Deployment, or brings it to what was decided. A
// write fails if it has changed since it was read: what is remembered on it was then
// decided from what is past.
func (r *reconciler) setDeployment(ctx context.Context, s *scene, d *decide.Decision, next record.Record) error {
	built := shape.Build(r.input(s))
	if s.reserve == nil {
		count(built, d.Replicas)
		maps.Copy(built.Annotations, record.Write(next))
		if err := r.client.Create(ctx, built); err != nil {
			return fmt.Errorf("create Deployment %s: %w", built.Name, err)
		}
		return nil
	}
	wanted := s.reserve.DeepCopy()
	count(wanted, d.Replicas)
	if d.Copy || d.Choose {
		wanted.Spec.Template, wanted.Labels = built.Spec.Template, built.Labels
		wanted.Spec.MinReadySeconds = built.Spec.MinReadySeconds
	}
	annotate(wanted, built, d, next)
	if equality.Semantic.DeepEqual(s.reserve.Spec, wanted.Spec) && equality.Semantic.DeepEqual(s.reserve.ObjectMeta, wanted.ObjectMeta) {
		return nil
	}
	if err := r.client.Update(ctx, wanted); err != nil {
		return fmt.Errorf("update Deployment %s: %w", wanted.Name, err)
	}
	return nil
}

func count(d *appsv1.Deployment, replicas int) {
	n := int32(replicas)
	d.Spec.Replicas = &n
}

// annotate writes down what is remembered; others' annotations stay.
func annotate(wanted, built *appsv1.Deployment, d *decide.Decision, next record.Record) {
	if wanted.Annotations == nil {
		wanted.Annotations = map[string]string{}
	}
	for _, key := range record.Keys() {
		delete(wanted.Annotations, key)
	}
	maps.Copy(wanted.Annotations, record.Write(next))
	if d.Copy || d.Choose {
		wanted.Annotations[shape.AnnotationSource] = built.Annotations[shape.AnnotationSource]
	}
}

// remembered is the record that follows from a decision. Of an account that grows as
// before, the old text is kept, so that nothing is written without need.
func (r *reconciler) remembered(s *scene, o *decide.Observation, d *decide.Decision) record.Record {
	next := record.Record{Memory: o.Memory, Account: s.record.Account}
	next.Memory.Failure = d.Failure
	if s.reserve == nil || d.State != o.Memory.State || o.Memory.Since.IsZero() {
		next.Memory.State, next.Memory.Since = d.State, o.Now
	}
	rate, currency, kind := r.rate(s)
	if next.Account.At.IsZero() || !cost.SameRate(next.Account.Rate, rate) || next.Account.Currency != currency {
		next.Account = next.Account.With(o.Now, rate, currency, kind)
	}
	return next
}

func (s *scene) key() types.NamespacedName {
	return types.NamespacedName{Namespace: s.revision.Namespace, Name: s.revision.Name}
}
