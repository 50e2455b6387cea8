package provider

import (
	"context"
	"time"

	corev1 "k8s.io/api/core/v1"

	"github.com/ebb-node/ebb/eci"
)

// forceSlack is how long after a pod's grace period its group may take to end
// by itself: the group counts the same seconds from a little later on, and the
// end is seen a tick of the watch after that.
const forceSlack = 5 * time.Second

// terminate ends a pod whose object is marked for deletion: first the group,
// then, when nothing runs any more, the object.
func (p *Provider) terminate(ctx context.Context, r *record) time.Duration {
	if again := p.settle(ctx, r); again > 0 {
		return again
	}
	if r.groupID == "" || r.stopped() {
		return p.cut(ctx, r)
	}
	level, next := p.dueStop(r)
	if r.stop < level {
		if again := p.stopGroup(ctx, r, level); again > 0 {
			return again
		}
	} else if again := p.confirm(ctx, r); again > 0 {
		return again
	}
	p.statuses.Add(r.uid)
	return next
}

// settle finds out what became of a create of unknown fate; zero means that
// there is no group to look after.
func (p *Provider) settle(ctx context.Context, r *record) time.Duration {
	if r.groupID != "" || r.pending == nil {
		return 0
	}
	found, err := p.find(ctx, r.uid)
	if err != nil {
		return p.deleteFailed(ctx, r, err)
	}
	if found {
		return time.Millisecond // to be looked at with its group
	}
	p.registry.changeKnown(r.uid, func(r *record) { r.pending = nil })
	return 0
}

// dueStop answers how the group of a deleted pod is to be stopped now, and when
// that may change.
func (p *Provider) dueStop(r *record) (stopLevel, time.Duration) {
	if grace := r.pod.DeletionGracePeriodSeconds; grace != nil && *grace == 0 {
		return stopForced, recheck
	}
	left := r.pod.DeletionTimestamp.Add(forceSlack).Sub(p.Clock.Now())
	if left <= 0 {
		return stopForced, recheck
	}
	return stopGraceful, min(left, recheck)
}

// stopGroup asks the cloud to end a pod's group.
func (p *Provider) stopGroup(ctx context.Context, r *record, level stopLevel) time.Duration {
	err := p.Cloud.Delete(ctx, r.groupID, level == stopForced, "")
	if err != nil && !eci.IsNotFound(err) {
		return p.deleteFailed(ctx, r, err)
	}
	p.registry.changeKnown(r.uid, func(r *record) {
		r.stop, r.stopFailures, r.askedAt = max(r.stop, level), 0, p.Clock.Now()
	})
	p.Watch.Ending(r.groupID)
	p.logFor(r).WithField("forced", level == stopForced).Info("deleted container group")
	return 0
}

// deleteFailed tells of a delete that failed, and answers when to repeat it:
// there is no error after which a group may be left running.
func (p *Provider) deleteFailed(ctx context.Context, r *record, err error) time.Duration {
	if ctx.Err() != nil {
		return 0
	}
	after, _ := p.registry.changeKnown(r.uid, func(r *record) { r.stopFailures++ })
	p.logFor(r).WithError(err).Warn("cannot delete container group, will try again")
	if r.pod != nil && !r.gone {
		p.Recorder.Eventf(r.pod, corev1.EventTypeWarning, reasonDeleteFailed,
			"Cannot delete container group %s, will try again: %s", r.groupID, forPeople(err))
	}
	return backoff(paceFast, after.stopFailures)
}

// release ends the group of a pod whose object exists no more, and forgets
// both.
func (p *Provider) release(ctx context.Context, r *record) time.Duration {
	if again := p.settle(ctx, r); again > 0 {
		return again
	}
	if r.groupID == "" || r.vanished || r.stop != stopNone && r.stopped() {
		p.registry.remove(r.uid)
		return 0
	}
	if r.stop < stopForced {
		if again := p.stopGroup(ctx, r, stopForced); again > 0 {
			return again
		}
		return recheck
	}
	if again := p.confirm(ctx, r); again > 0 {
		return again
	}
	return recheck
}

// confirm asks the cloud about a group that was deleted and of whose end there
// is no word.
func (p *Provider) confirm(ctx context.Context, r *record) time.Duration {
	if p.Clock.Since(r.askedAt) < recheck {
		return 0
	}
	p.registry.changeKnown(r.uid, func(r *record) { r.askedAt = p.Clock.Now() })
	groups, err := p.Cloud.Describe(ctx, eci.DescribeOptions{IDs: []string{r.groupID}})
	if err != nil {
		return recheck
	}
	if len(groups) == 0 {
		p.GroupGone(r.groupID)
		return 0
	}
	p.GroupChanged(groups[0])
	return 0
}

// shed deletes groups that are in surplus.
func (p *Provider) shed(ctx context.Context, r *record) time.Duration {
	for _, id := range r.surplus {
		if err := p.Cloud.Delete(ctx, id, true, ""); err != nil && !eci.IsNotFound(err) {
			return p.deleteFailed(ctx, r, err)
		}
		p.Watch.Ending(id)
		p.registry.changeKnown(r.uid, func(r *record) { r.surplus = without(r.surplus, id) })
		p.logFor(r).WithField("surplus", id).Info("deleted surplus container group")
	}
	return 0
}
