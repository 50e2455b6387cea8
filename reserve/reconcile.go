package reserve

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/sirupsen/logrus"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/apimachinery/pkg/types"
	"sigs.k8s.io/controller-runtime/pkg/client"
	"sigs.k8s.io/controller-runtime/pkg/reconcile"

	"github.com/ebb-node/ebb/reserve/decide"
	"github.com/ebb-node/ebb/reserve/report"
)

// reports is what the reconciler needs of a report.Reporter.
type reports interface {
	Set(revision types.NamespacedName, target report.Target)
	View(revision types.NamespacedName, pod string) report.View
	Unreported() time.Duration
}

// reconciler brings one revision after the other to what is decided for it.
type reconciler struct {
	Config
	client  client.Client
	reports reports
	metrics *metrics
	told    *told
}

// Reconcile looks at one revision, decides, and does what was decided. It is safe
// to be repeated at any point: nothing is remembered but what is in the cluster.
func (r *reconciler) Reconcile(ctx context.Context, request reconcile.Request) (reconcile.Result, error) {
	key := request.NamespacedName
	s, err := r.look(ctx, key)
	if err != nil {
		return reconcile.Result{}, err
	}
	if s == nil {
		r.forget(key)
		return reconcile.Result{}, nil
	}
	o := r.observe(s)
	d := decide.Decide(o, r.Limits)
	if err := r.apply(ctx, s, &o, &d); err != nil {
		if stale(err) {
			// What was seen is out of date; the change that made it so is on
			// its way.
			return reconcile.Result{RequeueAfter: staleWait}, nil
		}
		return reconcile.Result{}, fmt.Errorf("reserve of revision %s: %w", key, err)
	}
	return reconcile.Result{RequeueAfter: d.Again}, nil
}

// staleWait is the wait for a cache to catch up: watches deliver within
// milliseconds, and a lost one is found when the object changes again.
const staleWait = 200 * time.Millisecond

// stale reports whether a write failed because something has changed since it was
// read.
func stale(err error) bool {
	return apierrors.IsConflict(err) || apierrors.IsAlreadyExists(err) || apierrors.IsNotFound(err)
}

// apply does what was decided. The order matters: the gate is closed before the
// reserve leaves, a pod that is ready is out of the endpoints before it is removed,
// and what happened is remembered before it is told.
func (r *reconciler) apply(ctx context.Context, s *scene, o *decide.Observation, d *decide.Decision) error {
	if err := r.setGate(ctx, s, d.CloseGate); err != nil {
		return err
	}
	if !d.Exists {
		return r.remove(ctx, s, o.Off)
	}
	if err := r.changePods(ctx, s, d); err != nil {
		return err
	}
	if err := r.startStandard(ctx, s, d.Start); err != nil {
		return err
	}
	next := r.remembered(s, o, d)
	if err := r.setDeployment(ctx, s, d, next); err != nil {
		return err
	}
	err := r.deletePods(ctx, s, d.Delete)
	r.follow(s, d)
	r.tell(s, o, d)
	r.metrics.set(s.key(), next)
	return err
}

// remove takes the reserve away.
func (r *reconciler) remove(ctx context.Context, s *scene, why string) error {
	var errs []error
	if s.reserve != nil && s.reserve.DeletionTimestamp.IsZero() {
		// In the background: an orphan would be adopted by the standard Deployment.
		err := r.client.Delete(ctx, s.reserve, client.PropagationPolicy("Background"), client.Preconditions{UID: &s.reserve.UID})
		errs = append(errs, client.IgnoreNotFound(err))
	}
	r.reports.Set(s.key(), report.Target{})
	r.tellOff(s, why)
	r.metrics.forget(s.key())
	return errors.Join(errs...)
}

// forget ends what is going on for a revision that exists no more. Its Deployment
// goes with it, by its owner reference.
func (r *reconciler) forget(key types.NamespacedName) {
	r.reports.Set(key, report.Target{})
	r.metrics.forget(key)
	r.told.forget(key)
}

// follow says which pods' load to report.
func (r *reconciler) follow(s *scene, d *decide.Decision) {
	idle := d.State == decide.Reserved || d.State == decide.Arming || d.State == decide.Unavailable || d.State == decide.Off
	target := report.Target{Pods: map[string]string{}, Quiet: idle}
	for _, name := range d.Follow {
		if pod := s.pod(name); pod != nil && pod.Status.PodIP != "" {
			target.Pods[name] = pod.Status.PodIP
		}
	}
	r.reports.Set(s.key(), target)
}

func (r *reconciler) logFor(s *scene) logrus.FieldLogger {
	return r.Log.WithFields(logrus.Fields{"namespace": s.revision.Namespace, "revision": s.revision.Name})
}
