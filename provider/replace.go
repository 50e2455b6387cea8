package provider

import (
	"context"
	"time"

	"github.com/ebb-node/ebb/provider/translate"
)

// failsFast reports whether the pod, or the cluster's profile for it, wants it
// to fail when it cannot be had at once.
func (r *record) failsFast() bool {
	return r.failFast || r.pod != nil && translate.FailStrategyOf(r.pod) == translate.FailFast
}

// replace gives up a group that ended before it ran anything, mostly for want
// of stock, and arranges for another attempt.
func (p *Provider) replace(ctx context.Context, r *record) time.Duration {
	tried := &pending{specs: []string{""}}
	if plan, _, err := p.Planner.Plan(ctx, r.pod, nil); err == nil {
		tried.specs = alternatives(plan.Attempts)
		r.failFast = plan.FailStrategy == translate.FailFast
	}
	n := nextTry(r, verdict{reason: ReasonNoStock, pace: paceSlow, nextSpec: true}, tried)
	if n.wait.final {
		p.registry.changeKnown(r.uid, func(known *record) { known.failFast = r.failFast })
		p.statuses.Add(r.uid) // the group's own status tells of the end
		return 0
	}
	n.wait.message = "container group " + r.groupID + " could not be scheduled"
	old := r.groupID
	p.registry.changeKnown(r.uid, func(r *record) {
		if r.groupID != old {
			return
		}
		r.drop(old)
		r.groupID, r.group, r.vanished = "", nil, false
		r.wait, r.tries, r.spec = n.wait, n.wait.failures, n.spec
		r.attempt++
	})
	p.logFor(r).WithField("group", old).Info("container group could not be scheduled, another one will be made")
	p.creates.AddAfter(r.uid, max(n.again, time.Millisecond))
	p.syncs.Add(r.uid) // deletes the old one
	return 0
}
