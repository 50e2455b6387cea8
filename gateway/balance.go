package gateway

import (
	"context"
	"errors"

	corev1 "k8s.io/api/core/v1"
	"sigs.k8s.io/controller-runtime/pkg/reconcile"

	"github.com/ebb-node/ebb/gateway/ingress"
	"github.com/ebb-node/ebb/slb"
)

// reconcileBalancer keeps a load balancer: it makes it known, wishes for what
// its routes need, and shows it as a Service.
func (g *gateway) reconcileBalancer(ctx context.Context, key balancerKey) (reconcile.Result, error) {
	if err := g.boot(ctx); err != nil {
		return reconcile.Result{}, err
	}
	b := g.balancer(key)
	if b.writer != nil && !slb.IsGone(g.troubleOf(b)) {
		// Traffic first.
		again, err := g.wish(ctx, b)
		if err != nil {
			return reconcile.Result{}, err
		}
		return reconcile.Result{RequeueAfter: again}, g.present(ctx, b)
	}
	is, err := g.services.service(ctx, key)
	if err == nil && slb.IsGone(g.troubleOf(b)) && g.released(b, is) {
		b = g.close(b)
	}
	if err == nil && b.writer == nil {
		err = g.open(ctx, b, is)
	}
	if err != nil {
		return g.fail(b, is, err)
	}
	if trouble := g.troubleOf(b); trouble != nil {
		return g.fail(b, is, trouble)
	}
	again, err := g.wish(ctx, b)
	if err != nil {
		return reconcile.Result{}, err
	}
	return reconcile.Result{RequeueAfter: again}, g.services.show(ctx, is, b.address)
}

func (g *gateway) balancer(key balancerKey) *balancer {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.meet(key)
}

// troubleOf is what keeps from a load balancer as a whole.
func (g *gateway) troubleOf(b *balancer) error {
	g.mu.Lock()
	defer g.mu.Unlock()
	if b.state != nil && b.state.Err != nil {
		return b.state.Err
	}
	return b.err
}

// released reports that a user wants another load balancer in place of the one
// that is gone.
func (g *gateway) released(b *balancer, is *corev1.Service) bool {
	named := g.LoadBalancers[b.key.visibility]
	return is.Annotations[AnnotationLoadBalancer] == "" && b.key.ordinal > len(named)
}

// present shows a load balancer as a Service, and makes that anew when it was
// deleted.
func (g *gateway) present(ctx context.Context, b *balancer) error {
	is, err := g.services.service(ctx, b.key)
	if errors.Is(err, errTaken) {
		g.Recorder.Event(is, corev1.EventTypeWarning, ReasonServiceTaken, err.Error())
		g.Log.WithError(err).Error("a load balancer is not shown")
		return nil
	}
	if err != nil {
		return err
	}
	if err := g.services.record(ctx, is, b.instance.ID); err != nil {
		return err
	}
	return g.services.show(ctx, is, b.instance.Address)
}

// fail tells that there is no load balancer. That of the intranet does not tell
// the VPC then, and others shall not wait for it.
func (g *gateway) fail(b *balancer, is *corev1.Service, err error) (reconcile.Result, error) {
	g.mu.Lock()
	repeated := b.err != nil && explain(b.err) == explain(err)
	b.err = err
	g.review(b)
	g.mu.Unlock()
	if b.key.visibility == ingress.Intranet {
		g.interfaces.locate("")
	}
	reason := ReasonLoadBalancerUnavailable
	switch {
	case slb.IsGone(err):
		reason = ReasonLoadBalancerGone
	case errors.Is(err, errTaken):
		reason = ReasonServiceTaken
	}
	if !repeated {
		g.Log.WithError(err).Error("there is no load balancer")
		if is != nil {
			g.Recorder.Event(is, corev1.EventTypeWarning, reason, explain(err))
		}
	}
	if reason != ReasonLoadBalancerUnavailable {
		// It takes a user to change that, and the Service or the cloud tells.
		return reconcile.Result{RequeueAfter: g.Interval}, nil
	}
	return reconcile.Result{}, err
}
