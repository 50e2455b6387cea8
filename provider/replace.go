package provider

import (
	"context"
	"time"

	corev1 "k8s.io/api/core/v1"

	"github.com/ebb-node/ebb/provider/translate"
)

// failsFast reports whether the pod wants to fail when it cannot be had at
// once.
func failsFast(pod *corev1.Pod) bool {
	return translate.FailStrategyOf(pod) == translate.FailFast
}

// replace gives up a group that ended before it ran anything, mostly for want
// of stock, and arranges for another attempt.
func (p *Provider) replace(ctx context.Context, r *record) time.Duration {
	plan, _, err := p.Planner.Plan(ctx, r.pod, nil)
	specs := 1
	if err == nil {
		specs = len(plan.Attempts)
	}
	stock := verdict{reason: ReasonNoStock, pace: paceSlow, nextSpec: true}
	w, again := nextTry(r, stock, &pending{specs: specs})
	if w.final {
		p.statuses.Add(r.uid) // the group's own status tells of the end
		return 0
	}
	w.message = "container group " + r.groupID + " could not be scheduled"
	old := r.groupID
	p.registry.changeKnown(r.uid, func(r *record) {
		if r.groupID != old {
			return
		}
		r.drop(old)
		r.groupID, r.group, r.vanished = "", nil, false
		r.wait, r.tries = w, w.failures
		r.attempt++
		r.spec++
	})
	p.logFor(r).WithField("group", old).Info("container group could not be scheduled, another one will be made")
	p.creates.AddAfter(r.uid, max(again, time.Millisecond))
	p.syncs.Add(r.uid) // deletes the old one
	return 0
}
