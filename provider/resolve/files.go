package resolve

import (
	"fmt"
	"maps"
	"path"
	"slices"

	corev1 "k8s.io/api/core/v1"

	"github.com/ebb-node/ebb/eci"
)

// volume resolves what a volume needs from elsewhere; others need nothing.
func (r *resolver) volume(field string, v *corev1.Volume) {
	switch {
	case v.ConfigMap != nil:
		r.configMapVolume(field+".configMap", v)
	case v.Secret != nil:
		r.secretVolume(field+".secret", v)
	case v.DownwardAPI != nil:
		f := newFileSet(v.DownwardAPI.DefaultMode)
		r.downwardFiles(field+".downwardAPI", v.DownwardAPI.Items, f)
		r.out.Files[v.Name] = f.volume()
	case v.Projected != nil:
		r.projectedVolume(field+".projected", v)
	case v.PersistentVolumeClaim != nil:
		r.claim(field+".persistentVolumeClaim.claimName", v.Name, v.PersistentVolumeClaim.ClaimName)
	case v.Ephemeral != nil:
		r.ephemeral(field+".ephemeral", v.Name)
	case v.FlexVolume != nil && v.FlexVolume.SecretRef != nil:
		r.volumeSecret(field+".flexVolume.secretRef", v.Name, r.pod.Namespace, v.FlexVolume.SecretRef.Name)
	case v.CSI != nil && v.CSI.NodePublishSecretRef != nil:
		r.volumeSecret(field+".csi.nodePublishSecretRef", v.Name, r.pod.Namespace, v.CSI.NodePublishSecretRef.Name)
	}
}

func (r *resolver) configMapVolume(field string, v *corev1.Volume) {
	f := newFileSet(v.ConfigMap.DefaultMode)
	name := objectName{kindConfigMap, v.ConfigMap.Name}
	r.objectFiles(field, name, v.ConfigMap.Items, v.ConfigMap.Optional, f)
	r.out.Files[v.Name] = f.volume()
}

func (r *resolver) secretVolume(field string, v *corev1.Volume) {
	f := newFileSet(v.Secret.DefaultMode)
	name := objectName{kindSecret, v.Secret.SecretName}
	r.objectFiles(field, name, v.Secret.Items, v.Secret.Optional, f)
	r.out.Files[v.Name] = f.volume()
}

// objectFiles adds the keys of an object: all of them, or those of items.
func (r *resolver) objectFiles(field string, name objectName, items []corev1.KeyToPath, optional *bool, f *fileSet) {
	o, ok := r.object(field, name, optional)
	if !ok {
		return
	}
	if len(items) == 0 {
		for key := range o.text {
			f.add(key, []byte(o.text[key]), nil)
		}
		for key := range o.binary {
			f.add(key, o.binary[key], nil)
		}
		return
	}
	for i, item := range items {
		field := fmt.Sprintf("%s.items[%d]", field, i)
		if !r.filePath(field+".path", item.Path) {
			continue
		}
		if content, ok := o.file(item.Key); ok {
			f.add(item.Path, content, item.Mode)
		} else {
			r.missingKey(field+".key", name, item.Key, optional)
		}
	}
}

// downwardFiles adds the files of a downward API volume or projection.
func (r *resolver) downwardFiles(field string, items []corev1.DownwardAPIVolumeFile, f *fileSet) {
	for i, item := range items {
		field := fmt.Sprintf("%s.items[%d]", field, i)
		if !r.filePath(field+".path", item.Path) {
			continue
		}
		var text string
		var ok bool
		if item.FieldRef != nil {
			text, ok = r.fileField(field+".fieldRef.fieldPath", item.FieldRef.FieldPath)
		} else if item.ResourceFieldRef != nil {
			text, ok = r.resourceField(field+".resourceFieldRef", item.ResourceFieldRef, nil)
		}
		if ok {
			f.add(item.Path, []byte(text), item.Mode)
		}
	}
}

// filePath refuses a path that is not below the volume.
func (r *resolver) filePath(field, p string) bool {
	if p == "" || path.IsAbs(p) || hasDotDot(p) {
		r.refuse(field, fmt.Sprintf("%q is not a relative path inside the volume", p), "")
		return false
	}
	return true
}

// fileSet collects the files of a volume; a later file replaces an earlier one
// at the same path.
type fileSet struct {
	defaultMode *int32
	files       map[string]eci.File
}

func newFileSet(defaultMode *int32) *fileSet {
	return &fileSet{defaultMode: defaultMode, files: map[string]eci.File{}}
}

func (f *fileSet) add(path string, content []byte, mode *int32) {
	f.files[path] = eci.File{Path: path, Mode: mode, Content: content}
}

// volume returns the files in the order of their paths, so that the same pod
// gives the same request.
func (f *fileSet) volume() eci.ConfigFile {
	out := eci.ConfigFile{DefaultMode: f.defaultMode}
	for _, p := range slices.Sorted(maps.Keys(f.files)) {
		out.Files = append(out.Files, f.files[p])
	}
	return out
}
