package provider

import (
	"iter"

	corev1 "k8s.io/api/core/v1"

	"github.com/ebb-node/ebb/eci"
)

// Instances yields every pod that has a container group, with what the cloud
// told last of that group. Neither may be changed.
func (p *Provider) Instances() iter.Seq2[*corev1.Pod, *eci.Group] {
	return func(yield func(*corev1.Pod, *eci.Group) bool) {
		for _, r := range p.registry.all() {
			if r.pod == nil || r.gone || r.vanished || r.group == nil || r.group.ID != r.groupID {
				continue
			}
			if !yield(r.pod, r.group) {
				return
			}
		}
	}
}
