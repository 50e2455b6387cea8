package provider

import (
	"context"
	"fmt"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/labels"

	"github.com/ebb-node/ebb/eci"
)

// Adopt takes over the groups that the node already has, and joins them with
// their pods. It has to succeed, with the pods' informer in sync, before the
// pod controller starts: after it every pod either has its group or has none.
func (p *Provider) Adopt(ctx context.Context) error {
	groups, err := p.Cloud.Describe(ctx, eci.DescribeOptions{Tags: p.Identity.Selector(), WithEvent: true})
	if err != nil {
		return fmt.Errorf("list the container groups of node %s: %w", p.Identity.NodeName, err)
	}
	pods, err := p.Pods.List(labels.Everything())
	if err != nil {
		return fmt.Errorf("list the pods of node %s: %w", p.Identity.NodeName, err)
	}
	for _, pod := range pods {
		p.registry.change(pod.UID, func(r *record) { r.pod = pod })
	}
	now := p.Clock.Now()
	for _, g := range groups {
		p.GroupChanged(g)
		p.Watch.Add(g)
		if uid, ok := p.registry.owner(g.ID); ok {
			p.registry.changeKnown(uid, func(r *record) { r.adoptedAt = now })
		}
	}
	if err := p.missing(ctx, pods); err != nil {
		return err
	}
	for _, pod := range pods {
		p.syncs.Add(pod.UID) // the pod controller takes them for created
	}
	p.Log.WithField("groups", len(groups)).WithField("pods", len(pods)).Info("took over the node's container groups")
	return nil
}

// missing finds the pods whose recorded group was not listed, and asks for
// those groups by their id: a listing may lag, or lack what was retagged.
func (p *Provider) missing(ctx context.Context, pods []*corev1.Pod) error {
	var ids []string
	for _, pod := range pods {
		r, _ := p.registry.get(pod.UID)
		id := pod.Annotations[annotationGroupID]
		if id == "" || r.groupID != "" || r.finished() {
			continue
		}
		p.registry.change(pod.UID, func(r *record) {
			r.groupID = id
			r.attempt = max(r.attempt, lastAttempt(pod))
		})
		ids = append(ids, id)
	}
	if len(ids) == 0 {
		return nil
	}
	groups, err := p.Cloud.Describe(ctx, eci.DescribeOptions{IDs: ids, WithEvent: true})
	if err != nil {
		return fmt.Errorf("describe recorded container groups: %w", err)
	}
	found := map[string]bool{}
	for i := range groups {
		found[groups[i].ID] = true
		if uid, ok := p.registry.owner(groups[i].ID); ok {
			p.registry.change(uid, func(r *record) { r.observe(&groups[i]) })
			p.Watch.Add(groups[i])
		}
	}
	for _, id := range ids {
		if !found[id] {
			p.GroupGone(id)
		}
	}
	return nil
}
