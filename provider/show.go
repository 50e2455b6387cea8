package provider

import (
	"context"
	"maps"
	"time"

	"k8s.io/apimachinery/pkg/types"
)

// show reports a pod's status, annotations and events as they are now.
func (p *Provider) show(_ context.Context, uid types.UID) time.Duration {
	r, ok := p.registry.get(uid)
	if !ok || r.pod == nil || r.gone {
		return 0
	}
	p.mirror(&r)
	p.notifyMu.RLock()
	notify := p.notify
	p.notifyMu.RUnlock()
	if notify == nil || r.cut {
		return 0
	}
	pod := r.pod.DeepCopy()
	pod.Status = p.statusOf(&r)
	p.registry.changeKnown(uid, func(r *record) { r.shown = &pod.Status })
	if pod.Annotations == nil {
		pod.Annotations = map[string]string{}
	}
	maps.Copy(pod.Annotations, r.annotations())
	notify(pod)
	return 0
}
