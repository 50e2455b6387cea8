package report

import (
	"context"
	"time"

	"k8s.io/apimachinery/pkg/types"
	asmetrics "knative.dev/serving/pkg/autoscaler/metrics"
)

// read reads a pod's statistics until ctx ends, each once.
func (r *Reporter) read(ctx context.Context, revision types.NamespacedName, f *follower) {
	var beat rhythm
	for {
		wait := pause
		stat, err := read(ctx, r.client, r.url(f.ip))
		switch {
		case ctx.Err() != nil:
			return
		case err != nil:
			r.Log.WithError(err).WithField("revision", revision).Debug("cannot read the load of a reserve pod, will try again")
			r.answers(revision, f, false)
		default:
			r.answers(revision, f, true)
			var fresh bool
			if fresh, wait = beat.next(stat.ProcessUptime); fresh {
				r.take(revision, f, stat)
			}
		}
		select {
		case <-ctx.Done():
			return
		case <-r.Clock.After(wait):
		}
	}
}

// answers notes whether a pod does.
func (r *Reporter) answers(revision types.NamespacedName, f *follower, does bool) {
	r.mu.Lock()
	turned := f.view.UnreadSince.IsZero() != does
	switch {
	case turned && does:
		f.view.UnreadSince = time.Time{}
	case turned:
		f.view.UnreadSince = r.Clock.Now()
	}
	r.mu.Unlock()
	if turned {
		r.Changed(revision)
	}
}

// take notes a statistic and passes it on.
func (r *Reporter) take(revision types.NamespacedName, f *follower, stat asmetrics.Stat) {
	now := r.Clock.Now()
	r.mu.Lock()
	busy := f.view.Busy(now)
	f.view.add(stat, now)
	asked := f.view.Asked[askedReads-1].Equal(now)
	t := r.targets[revision]
	quiet := t == nil || t.Quiet
	r.mu.Unlock()
	if load := unproxied(stat); load.AverageConcurrentRequests > 0 || !quiet {
		r.send(revision, load)
	}
	if asked && (quiet || !busy) {
		r.Changed(revision)
	}
}

func (r *Reporter) send(revision types.NamespacedName, stat asmetrics.Stat) {
	if err := r.link.send(message(revision, stat)); err != nil {
		r.Log.WithError(err).WithField("revision", revision).Warn("cannot report the load of a reserve")
	}
}
