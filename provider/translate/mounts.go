package translate

import (
	"fmt"

	corev1 "k8s.io/api/core/v1"

	"github.com/ebb-node/ebb/eci"
)

// mounts translates the volume mounts of a container.
func (t *translator) mounts(field string, c *corev1.Container) []eci.VolumeMount {
	var out []eci.VolumeMount
	for i, m := range c.VolumeMounts {
		field := fmt.Sprintf("%s.volumeMounts[%d]", field, i)
		mount := eci.VolumeMount{Name: m.Name, MountPath: m.MountPath, SubPath: m.SubPath, ReadOnly: m.ReadOnly || t.readOnly[m.Name]}
		if path, ok := t.resolvedContainer(c.Name).SubPaths[i]; ok {
			mount.SubPath = path
		}
		if m.RecursiveReadOnly != nil && *m.RecursiveReadOnly == corev1.RecursiveReadOnlyEnabled {
			t.refuse(field+".recursiveReadOnly", "ECI cannot promise it", "use IfPossible")
		}
		if m.MountPropagation != nil {
			mount.Propagation = string(*m.MountPropagation)
		}
		out = append(out, mount)
	}
	return out
}
