package provider

import (
	"context"
	"time"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/fields"
	"k8s.io/apimachinery/pkg/types"
)

// sweepsPerGrace is how often orphans are looked for within the grace time, so
// that one outlives it by a quarter at most.
const sweepsPerGrace = 4

// sweepOrphans deletes groups that are the node's and whose pod does not
// exist, once they have been so for the grace time.
func (p *Provider) sweepOrphans(ctx context.Context) {
	ticker := p.Clock.NewTicker(max(p.OrphanGrace/sweepsPerGrace, time.Second))
	defer ticker.Stop()
	for {
		p.sweep(ctx)
		select {
		case <-ctx.Done():
			return
		case <-ticker.C():
		}
	}
}

// sweep looks for orphans once.
func (p *Provider) sweep(ctx context.Context) {
	due := p.dueOrphans()
	if len(due) == 0 {
		return
	}
	// The informer may lag; the pods that really exist are asked for.
	alive, err := p.livePods(ctx)
	if err != nil {
		p.Log.WithError(err).Warn("cannot list pods, leaving container groups without a pod alone")
		return
	}
	for _, r := range due {
		if pod, ok := alive[r.uid]; ok {
			p.see(pod)
			continue
		}
		p.logFor(&r).WithField("group", r.groupID).Info("container group has no pod, deleting it")
		p.registry.changeKnown(r.uid, func(r *record) { r.gone = true })
		p.syncs.Add(r.uid)
	}
}

// dueOrphans notes since when groups have no pod and returns those whose grace
// is over.
func (p *Provider) dueOrphans() []record {
	now := p.Clock.Now()
	var due []record
	for _, r := range p.registry.all() {
		if r.pod != nil || r.gone || r.groupID == "" {
			continue
		}
		if r.orphanSince.IsZero() {
			r, _ = p.registry.changeKnown(r.uid, func(r *record) { r.orphanSince = now })
		}
		if now.Sub(r.orphanSince) >= p.OrphanGrace {
			due = append(due, r)
		}
	}
	return due
}

// livePods asks the API server itself for the node's pods.
func (p *Provider) livePods(ctx context.Context) (map[types.UID]*corev1.Pod, error) {
	list, err := p.Kube.CoreV1().Pods(metav1.NamespaceAll).List(ctx, metav1.ListOptions{
		FieldSelector: fields.OneTermEqualSelector("spec.nodeName", p.Identity.NodeName).String(),
	})
	if err != nil {
		return nil, err
	}
	alive := make(map[types.UID]*corev1.Pod, len(list.Items))
	for i := range list.Items {
		alive[list.Items[i].UID] = &list.Items[i]
	}
	return alive, nil
}
