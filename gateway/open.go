package gateway

import (
	"context"
	"fmt"

	corev1 "k8s.io/api/core/v1"

	"github.com/ebb-node/ebb/gateway/ingress"
	"github.com/ebb-node/ebb/slb"
)

// open finds or makes a load balancer, takes over what is on it and starts its
// Writer.
func (g *gateway) open(ctx context.Context, b *balancer, shownBy *corev1.Service) error {
	owner := g.owner(b.key)
	instance, err := g.SLB.EnsureInstance(ctx, owner, g.instanceSpec(b.key, shownBy))
	if err != nil {
		return fmt.Errorf("load balancer %s: %w", b.key, err)
	}
	if err := g.fits(b.key, instance); err != nil {
		return err
	}
	if b.key.visibility == ingress.Intranet {
		g.interfaces.locate(instance.VPCID) // it can have members of its own VPC only
	}
	if err := g.services.record(ctx, shownBy, instance.ID); err != nil {
		return err
	}
	actual, err := g.SLB.Read(ctx, owner, instance.ID)
	if err != nil {
		return fmt.Errorf("load balancer %s: %w", b.key, err)
	}
	writer := slb.NewWriter(slb.WriterConfig{
		Client: g.SLB, Planner: slb.Planner{Owner: owner, Limits: *g.Limits}, ID: instance.ID, Interval: g.Interval,
		Logger: g.Log.WithField("component", "slb"), Clock: g.Clock,
		OnState: func(s slb.State) { g.observe(b, s) },
	})
	stop, err := g.keeper.run(ctx, writer)
	if err != nil {
		return err
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	b.seed(actual)
	g.directory.linger(b)
	b.writer, b.stop, b.recorded, b.err = writer, stop, instance.ID, nil
	g.review(b) // addresses may be new
	return nil
}

func (g *gateway) instanceSpec(key balancerKey, shownBy *corev1.Service) slb.InstanceSpec {
	spec := slb.InstanceSpec{
		Recorded: shownBy.Annotations[AnnotationLoadBalancer], Name: "ebb-" + key.String(), AddressType: key.visibility.String(),
		// Not the UID alone: asked with the token of one that was deleted, the
		// service answers with that one.
		VPCID: g.VPC, Token: string(shownBy.UID) + "/" + shownBy.ResourceVersion, DeleteProtection: true,
	}
	if named := g.LoadBalancers[key.visibility]; key.ordinal <= len(named) {
		spec.ID = named[key.ordinal-1]
	}
	if key.visibility == ingress.Intranet {
		spec.VSwitchID = g.VSwitch
	}
	return spec
}

// fits checks a load balancer that somebody else may have made.
func (g *gateway) fits(key balancerKey, i slb.Instance) error {
	switch {
	case i.AddressType != key.visibility.String():
		return fmt.Errorf("load balancer %s is for the %s; name one for the %s", i.ID, i.AddressType, key.visibility)
	case g.VPC != "" && i.VPCID != "" && i.VPCID != g.VPC:
		return fmt.Errorf("load balancer %s is in VPC %s; name one in %s, where the pods are", i.ID, i.VPCID, g.VPC)
	}
	return nil
}

// close ends the work on a load balancer that is gone, so that another one can
// take its place.
func (g *gateway) close(b *balancer) *balancer {
	g.mu.Lock()
	stop := b.stop
	g.mu.Unlock()
	if stop != nil {
		stop()
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	anew := newBalancer(b.key)
	g.directory.balancers[b.key] = anew
	for _, r := range g.directory.onBalancer(b.key) {
		r.home(b.key.visibility).renew()
	}
	return anew
}
