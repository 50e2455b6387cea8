package eci

import (
	"context"
	"errors"
	"fmt"
	"time"
)

const (
	// sinceOverlap is how far a status call reaches back before the last one:
	// SinceSecond counts whole seconds, and the service may learn of a change
	// a little after it happened. What is told twice is not delivered twice.
	sinceOverlap = 5 * time.Second
	// maxGap is the longest time without a look that SinceSecond bridges; how
	// far back the service remembers is not documented.
	maxGap = time.Minute
	// wholeEvery is the time between two status calls for all groups, which
	// take the place of an incremental one: at one call per 200 groups they
	// find groups that somebody else deleted, and changes that slipped through.
	wholeEvery = time.Minute
)

// look asks once what has changed and delivers it.
func (w *Watch) look(ctx context.Context) error {
	now := w.cfg.Clock.Now()
	w.mu.Lock()
	full := w.full || now.Sub(w.lastFull) >= w.cfg.FullEvery || now.Sub(w.lastLook) > maxGap
	whole := full || w.anyEnding() || now.Sub(w.lastWhole) >= wholeEvery
	since := int((now.Sub(w.lastLook) + sinceOverlap + time.Second - 1) / time.Second)
	w.full = full
	w.mu.Unlock()

	var listed []Group
	var err error
	if full {
		if listed, err = w.client.Describe(ctx, DescribeOptions{Tags: w.cfg.Tags}); err != nil {
			return err
		}
	}
	options := StatusOptions{Tags: w.cfg.Tags}
	if !whole {
		options.SinceSecond = since
	}
	asked := w.cfg.Clock.Now()
	statuses, err := w.client.Status(ctx, options)
	if err != nil {
		return err
	}
	touched := w.take(listed, statuses, asked)
	err = w.fill(ctx, touched, asked)
	if whole {
		err = errors.Join(err, w.dropMissing(ctx, listed, statuses, now))
	}
	w.finish(full, whole, now, asked)
	if err != nil {
		return fmt.Errorf("watch container groups: %w", err)
	}
	return nil
}

// finish notes a look that has delivered.
func (w *Watch) finish(full, whole bool, now, asked time.Time) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.lastLook = asked
	if whole {
		w.lastWhole = now
	}
	if !full {
		return
	}
	w.lastFull, w.full = now, false
	select {
	case <-w.synced:
	default:
		close(w.synced)
	}
}

// fill describes the groups that need it, then tells of all that changed. A
// group that is new is told of only once it was described: without its tags
// nobody knows whose it is.
func (w *Watch) fill(ctx context.Context, touched []string, now time.Time) error {
	wanting := w.wanting(now)
	var err error
	if len(wanting) > 0 {
		var groups []Group
		groups, err = w.client.Describe(ctx, DescribeOptions{IDs: wanting, WithEvent: true})
		touched = append(touched, w.describe(groups, wanting, now)...)
	}
	for _, id := range touched {
		if g, changed := w.settle(id, now); changed {
			w.cfg.OnChange(g)
		}
	}
	return err
}
