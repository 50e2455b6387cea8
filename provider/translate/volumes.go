package translate

import (
	"fmt"
	"maps"
	"slices"

	corev1 "k8s.io/api/core/v1"

	"github.com/ebb-node/ebb/eci"
)

// Limits of volumes.
// https://www.alibabacloud.com/help/doc-detail/89138.htm
const (
	maxVolumes = 20
	maxDisks   = 6
)

// volumes translates the volumes of the pod.
func (t *translator) volumes() {
	disks := t.newDisks()
	count := 0
	for i := range t.pod.Spec.Volumes {
		v := &t.pod.Spec.Volumes[i]
		out, ok := t.volume(fmt.Sprintf("spec.volumes[%d]", i), v, disks)
		if !ok {
			continue
		}
		out.Name = v.Name
		if out.Flex != nil && out.Flex.Driver == driverDisk {
			count++
		}
		t.request.Volumes = append(t.request.Volumes, out)
	}
	t.checkCount("spec.volumes", len(t.request.Volumes), maxVolumes, "volumes")
	t.checkCount("spec.volumes", count, maxDisks, "disks")
}

// volume translates one volume; false means that it was refused.
func (t *translator) volume(field string, v *corev1.Volume, disks map[string]*eci.Flex) (eci.Volume, bool) {
	if disk := disks[v.Name]; disk != nil {
		return eci.Volume{Flex: disk}, true
	}
	switch {
	case v.EmptyDir != nil:
		return t.emptyDir(field+".emptyDir", v.EmptyDir)
	case v.ConfigMap != nil, v.Secret != nil, v.Projected != nil, v.DownwardAPI != nil:
		return t.configFile(field, v.Name)
	case v.NFS != nil:
		t.readOnly[v.Name] = v.NFS.ReadOnly
		return eci.Volume{NFS: &eci.NFS{Server: v.NFS.Server, Path: v.NFS.Path, ReadOnly: v.NFS.ReadOnly}}, true
	case v.HostPath != nil:
		return t.hostPath(field+".hostPath", v.HostPath)
	case v.FlexVolume != nil:
		f := v.FlexVolume
		return t.flex(field+".flexVolume", v.Name, f.Driver, f.FSType, f.ReadOnly, f.Options)
	case v.CSI != nil:
		return t.inlineCSI(field+".csi", v.Name, v.CSI)
	case v.PersistentVolumeClaim != nil:
		return t.persistent(field+".persistentVolumeClaim", v.Name, v.PersistentVolumeClaim.ReadOnly)
	case v.Ephemeral != nil:
		return t.persistent(field+".ephemeral", v.Name, false)
	}
	t.refuse(field, fmt.Sprintf("the kind of volume %q is not supported", v.Name),
		"use emptyDir, configMap, secret, projected, downwardAPI, nfs, flexVolume or a claim of a disk, NAS or OSS volume")
	return eci.Volume{}, false
}

// emptyDir translates scratch space.
func (t *translator) emptyDir(field string, v *corev1.EmptyDirVolumeSource) (eci.Volume, bool) {
	out := &eci.EmptyDir{}
	switch v.Medium {
	case corev1.StorageMediumDefault:
	case corev1.StorageMediumMemory:
		out.Medium = "memory"
	default:
		t.refuse(field+".medium", fmt.Sprintf("%q is not supported", v.Medium), "use Memory, or leave it empty for disk")
		return eci.Volume{}, false
	}
	if v.SizeLimit != nil && !v.SizeLimit.IsZero() {
		out.SizeLimit = v.SizeLimit.String()
	}
	return eci.Volume{EmptyDir: out}, true
}

// hostPath is for accounts on the allow list.
func (t *translator) hostPath(field string, v *corev1.HostPathVolumeSource) (eci.Volume, bool) {
	t.allowListed(field, "host paths")
	out := &eci.HostPath{Path: v.Path}
	if v.Type != nil {
		switch *v.Type {
		case corev1.HostPathUnset:
		case corev1.HostPathDirectory, corev1.HostPathFile:
			out.Type = string(*v.Type)
		default:
			t.refuse(field+".type", fmt.Sprintf("%q is not supported", *v.Type), "use Directory or File")
		}
	}
	return eci.Volume{HostPath: out}, true
}

// Limits of config files.
// https://help.aliyun.com/zh/eci/developer-reference/api-eci-2018-08-08-createcontainergroup
const (
	maxFileBytes = 32 << 10
	maxFiles     = 90
)

// configFile translates the files that package resolve found for a volume. A
// volume that has none, because what it names is optional and missing, is an
// empty directory.
func (t *translator) configFile(field, name string) (eci.Volume, bool) {
	t.readOnly[name] = true
	files := t.resolved.Files[name]
	if len(files.Files) == 0 {
		return eci.Volume{EmptyDir: &eci.EmptyDir{}}, true
	}
	t.checkCount(field, len(files.Files), maxFiles, "files")
	for _, f := range files.Files {
		if len(f.Content) > maxFileBytes {
			t.refuse(field, fmt.Sprintf("file %q of volume %q has %d bytes and ECI takes %d", f.Path, name, len(f.Content), maxFileBytes),
				"split it, or put it on a NAS or OSS volume")
		}
	}
	return eci.Volume{ConfigFile: &files}, true
}

// newDisks parses the annotation that turns volumes into new disks.
func (t *translator) newDisks() map[string]*eci.Flex {
	disks := map[string]*eci.Flex{}
	for _, item := range splitList(t.value(keyDiskVolume)) {
		name, disk, err := parseDisk(item)
		if err != nil {
			t.refuse(field(keyDiskVolume), err.Error(), "items are <volume>:<file system>:<size>Gi")
			continue
		}
		disks[name] = disk
	}
	for _, name := range slices.Sorted(maps.Keys(disks)) {
		if !slices.ContainsFunc(t.pod.Spec.Volumes, func(v corev1.Volume) bool {
			return v.Name == name && (v.EmptyDir != nil || v.HostPath != nil)
		}) {
			t.refuse(field(keyDiskVolume), fmt.Sprintf("the pod has no emptyDir or hostPath volume %q", name), "")
		}
	}
	return disks
}
