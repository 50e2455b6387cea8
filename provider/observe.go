package provider

import (
	"context"
	"slices"

	"k8s.io/apimachinery/pkg/types"

	"github.com/ebb-node/ebb/eci"
)

// GroupChanged takes note of what the cloud tells of one of the node's groups.
// The status watch calls it.
func (p *Provider) GroupChanged(group eci.Group) {
	uid := types.UID(group.Tag(TagUID))
	if uid == "" {
		return
	}
	r := p.registry.change(uid, func(r *record) { r.observe(&group) })
	if r.groupID == group.ID && r.pod != nil {
		p.statuses.Add(uid)
	}
	// What may make a difference to the pod's life rather than to its status.
	if len(r.surplus) > 0 || r.stop != stopNone || r.gone || r.deleting() || r.lost() {
		p.syncs.Add(uid)
	}
}

// GroupGone takes note that the cloud knows a group no more. The status watch
// calls it after asking for that group by its id.
func (p *Provider) GroupGone(id string) {
	uid, ok := p.registry.owner(id)
	if !ok {
		return
	}
	r, _ := p.registry.changeKnown(uid, func(r *record) {
		if r.groupID == id {
			r.vanished = true
		}
	})
	if r.pod == nil {
		p.registry.remove(uid)
		return
	}
	p.syncs.Add(uid)
}

// observe takes over what is told of a group. A second group of the same pod
// is in surplus: the pod keeps the one it has, unless that has ended.
func (r *record) observe(group *eci.Group) {
	if slices.Contains(r.ignored, group.ID) {
		return
	}
	if r.groupID != "" && r.groupID != group.ID {
		other := group.ID
		if !group.Status.Final() && (r.vanished || r.group != nil && r.group.Status.Final()) && !r.finished() {
			other, r.groupID = r.groupID, group.ID
		}
		r.drop(other)
		if other == group.ID {
			return
		}
	}
	if r.group != nil && r.groupID == group.ID {
		known := *group
		known.Events = mergeEvents(r.group.Events, group.Events)
		group = &known
	}
	r.groupID, r.group, r.vanished = group.ID, group, false
	r.pending, r.wait = nil, nil
	if n := parseAttempt(group.Tag(TagAttempt)); n > r.attempt {
		r.attempt = n
	}
}

// drop puts a group on the list of those to be deleted.
func (r *record) drop(id string) {
	r.surplus = append(slices.Clone(r.surplus), id)
	r.ignored = append(slices.Clone(r.ignored), id)
}

// find looks for a group of the pod by its tags, after a create whose answer
// was lost; it reports whether there is one.
func (p *Provider) find(ctx context.Context, uid types.UID) (bool, error) {
	tags := append(p.Identity.Selector(), eci.KeyValue{Key: TagUID, Value: string(uid)})
	groups, err := p.Cloud.Describe(ctx, eci.DescribeOptions{Tags: tags, WithEvent: true})
	if err != nil {
		return false, err
	}
	for _, g := range groups {
		p.GroupChanged(g)
		p.Watch.Add(g)
	}
	r, _ := p.registry.get(uid)
	return r.groupID != "", nil
}

func without(list []string, item string) []string {
	return slices.DeleteFunc(slices.Clone(list), func(s string) bool { return s == item })
}
