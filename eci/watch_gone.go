package eci

import (
	"context"
	"fmt"
	"time"
)

// settleTime is how long a new group may be missing from listings: they may
// lag behind a create.
const settleTime = time.Minute

// dropMissing tells of groups that a whole answer lacked. An empty answer is
// also what a missing permission looks like, so that absence alone proves
// nothing: each group is asked for by its id, and there must be a second
// witness (see gone).
func (w *Watch) dropMissing(ctx context.Context, listed []Group, statuses []GroupStatus, asked time.Time) error {
	present := map[string]bool{}
	for _, g := range listed {
		present[g.ID] = true
	}
	for _, s := range statuses {
		present[s.ID] = true
	}
	missing := w.missing(present, asked)
	if len(missing) == 0 {
		return nil
	}
	groups, err := w.client.Describe(ctx, DescribeOptions{IDs: missing})
	if err != nil {
		return err
	}
	found := map[string]bool{}
	for _, g := range groups {
		found[g.ID] = true
	}
	for _, id := range missing {
		if found[id] {
			continue
		}
		// One group in doubt puts all in doubt that look the same: asking on
		// would use up the quota of the log call.
		if err := w.gone(ctx, id, len(present)+len(found) > 0); err != nil {
			return err
		}
		w.forget(id)
	}
	return nil
}

// missing are the groups that are not present and had the time to appear; first
// those that were asked to end, of which there is no doubt.
func (w *Watch) missing(present map[string]bool, asked time.Time) []string {
	w.mu.Lock()
	defer w.mu.Unlock()
	var ending, others []string
	for id, t := range w.known {
		switch {
		case present[id] || t.since.After(asked):
		case t.ending:
			ending = append(ending, id)
		case asked.Sub(t.since) >= settleTime:
			others = append(others, id)
		}
	}
	return append(ending, others...)
}

// gone decides on a group that neither the listing nor its id brings up. That
// it was asked to end, or that the listing shows other groups and so is
// permitted, is a second witness. Failing both, the log call is: unlike the
// listings it answers an unknown id with an error.
// An error means that the group is not proven to be gone.
func (w *Watch) gone(ctx context.Context, id string, others bool) error {
	w.mu.Lock()
	t := w.known[id]
	ending, container := t.ending || t.merged.Status == StatusTerminating, ""
	if len(t.merged.Containers) > 0 {
		container = t.merged.Containers[0].Name
	}
	w.mu.Unlock()
	if ending || others {
		return nil
	}
	_, err := w.client.Log(ctx, id, container, LogOptions{Tail: 1})
	if IsNotFound(err) {
		return nil
	}
	return fmt.Errorf("container group %s is missing from every listing, which are all empty; "+
		"it is kept, because a missing permission for DescribeContainerGroups looks the same", id)
}

func (w *Watch) forget(id string) {
	w.mu.Lock()
	t := w.known[id]
	delete(w.known, id)
	w.mu.Unlock()
	if t.told {
		w.cfg.OnGone(id)
	}
}
