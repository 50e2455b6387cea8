package provider

import (
	"context"
	"slices"
	"time"

	"github.com/ebb-node/ebb/eci"
)

const (
	// eventInterval is how often the groups' events are asked for. The notice
	// before a spot instance is reclaimed comes three minutes ahead and shows
	// in no status (https://help.aliyun.com/zh/eci/user-guide/custom-events-of-elastic-container-instance);
	// one call each 10 s is 0.06 % of the documented quota.
	eventInterval = 10 * time.Second
	// eventReach is how far back each question goes: over one that failed.
	eventReach = 3 * eventInterval
)

// pollEvents asks for what the service says of the node's groups beside their
// status.
func (p *Provider) pollEvents(ctx context.Context) {
	ticker := p.Clock.NewTicker(eventInterval)
	defer ticker.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-ticker.C():
		}
		news, err := p.Cloud.Events(ctx, eci.StatusOptions{Tags: p.Identity.Selector(), SinceSecond: int(eventReach / time.Second)})
		if err != nil {
			p.Log.WithError(err).Debug("cannot read events of container groups, will try again")
			continue
		}
		for _, n := range news {
			p.takeEvents(n)
		}
	}
}

// takeEvents adds events to what is known of a group.
func (p *Provider) takeEvents(news eci.GroupEvents) {
	uid, ok := p.registry.owner(news.ID)
	if !ok {
		return
	}
	p.registry.changeKnown(uid, func(r *record) {
		if r.group == nil || r.groupID != news.ID {
			return
		}
		group := *r.group
		group.Events = mergeEvents(group.Events, news.Events)
		r.group = &group
	})
	p.statuses.Add(uid)
}

// mergeEvents joins two lists of a group's events. The same event in both is
// counted as often as the list that knows more says.
func mergeEvents(a, b []eci.Event) []eci.Event {
	out := slices.Clone(a)
	for _, e := range b {
		i := slices.IndexFunc(out, func(o eci.Event) bool { return o.Reason == e.Reason && o.Message == e.Message })
		switch {
		case i < 0:
			out = append(out, e)
		case e.Count > out[i].Count || e.LastTimestamp.After(out[i].LastTimestamp):
			out[i] = e
		}
	}
	return out
}
