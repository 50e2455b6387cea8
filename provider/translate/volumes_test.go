package translate

import (
	"fmt"
	"testing"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/resource"

	"github.com/ebb-node/ebb/eci"
	"github.com/ebb-node/ebb/provider/resolve"
)

const vol0 = "spec.volumes[0]"

func claimed(name string) corev1.Volume {
	return corev1.Volume{Name: name, VolumeSource: corev1.VolumeSource{PersistentVolumeClaim: &corev1.PersistentVolumeClaimVolumeSource{ClaimName: "c"}}}
}

func csiVolume(csi corev1.CSIPersistentVolumeSource) *corev1.PersistentVolume {
	return &corev1.PersistentVolume{Spec: corev1.PersistentVolumeSpec{PersistentVolumeSource: corev1.PersistentVolumeSource{CSI: &csi}}}
}

// mounted gives the pod one volume, mounted in its container.
func mounted(source corev1.VolumeSource) func(*corev1.Pod) {
	return func(p *corev1.Pod) {
		p.Spec.Volumes = []corev1.Volume{{Name: "v", VolumeSource: source}}
		p.Spec.Containers[0].VolumeMounts = []corev1.VolumeMount{{Name: "v", MountPath: "/v"}}
	}
}

func wantMounted(readOnly bool, v eci.Volume) func(*eci.CreateRequest) {
	return func(r *eci.CreateRequest) {
		v.Name = "v"
		r.Volumes = []eci.Volume{v}
		r.Containers[0].Mounts = []eci.VolumeMount{{Name: "v", MountPath: "/v", ReadOnly: readOnly}}
	}
}

func TestVolumes(t *testing.T) {
	empty := func(v corev1.EmptyDirVolumeSource) corev1.VolumeSource { return corev1.VolumeSource{EmptyDir: &v} }
	host := func(path string, kind *corev1.HostPathType) corev1.VolumeSource {
		return corev1.VolumeSource{HostPath: &corev1.HostPathVolumeSource{Path: path, Type: kind}}
	}
	flex := func(driver string, options map[string]string) corev1.VolumeSource {
		return corev1.VolumeSource{FlexVolume: &corev1.FlexVolumeSource{Driver: driver, FSType: "xfs", Options: options}}
	}
	wantFlex := func(driver, fs string, options map[string]string) func(*eci.CreateRequest) {
		return wantMounted(false, eci.Volume{Flex: &eci.Flex{Driver: driver, FSType: fs, Options: options}})
	}
	sources := map[string]corev1.VolumeSource{
		"config map": {ConfigMap: &corev1.ConfigMapVolumeSource{}},
		"secret":     {Secret: &corev1.SecretVolumeSource{}},
		"projected":  {Projected: &corev1.ProjectedVolumeSource{}},
		"downward":   {DownwardAPI: &corev1.DownwardAPIVolumeSource{}},
	}
	files := eci.ConfigFile{DefaultMode: ptr[int32](0o440), Files: []eci.File{{Path: "f", Content: []byte("x")}}}
	rules := map[string]rule{
		"empty":              {pod: mounted(empty(corev1.EmptyDirVolumeSource{})), want: wantMounted(false, eci.Volume{EmptyDir: &eci.EmptyDir{}})},
		"memory with a size": {pod: mounted(empty(corev1.EmptyDirVolumeSource{Medium: "Memory", SizeLimit: ptr(resource.MustParse("256Mi"))})), want: wantMounted(false, eci.Volume{EmptyDir: &eci.EmptyDir{Medium: "memory", SizeLimit: "256Mi"}})},
		"huge pages":         {pod: mounted(empty(corev1.EmptyDirVolumeSource{Medium: "HugePages"})), refused: []string{vol0 + ".emptyDir.medium"}},
		"NFS": {
			pod:  mounted(corev1.VolumeSource{NFS: &corev1.NFSVolumeSource{Server: "s", Path: "/p", ReadOnly: true}}),
			want: wantMounted(true, eci.Volume{NFS: &eci.NFS{Server: "s", Path: "/p", ReadOnly: true}}),
		},
		"host path":               {pod: mounted(host("/h", nil)), refused: []string{vol0 + ".hostPath"}},
		"host path, allow-listed": {config: Config{AllowListed: true}, pod: mounted(host("/h", ptr(corev1.HostPathDirectory))), want: wantMounted(false, eci.Volume{HostPath: &eci.HostPath{Path: "/h", Type: "Directory"}})},
		"host socket":             {config: Config{AllowListed: true}, pod: mounted(host("/h", ptr(corev1.HostPathSocket))), refused: []string{vol0 + ".hostPath.type"}},
		"existing disk stays":     {pod: mounted(flex(driverDisk, map[string]string{"volumeId": "d-1"})), want: wantFlex(driverDisk, "xfs", map[string]string{"volumeId": "d-1", "deleteWithInstance": "false"})},
		"new disk goes":           {pod: mounted(flex(driverDisk, map[string]string{"volumeSize": "20"})), want: wantFlex(driverDisk, "xfs", map[string]string{"volumeSize": "20", "deleteWithInstance": "true"})},
		"unless told otherwise":   {pod: mounted(flex(driverDisk, map[string]string{"volumeSize": "20", "deleteWithInstance": "false"})), want: wantFlex(driverDisk, "xfs", map[string]string{"volumeSize": "20", "deleteWithInstance": "false"})},
		"flex with a secret": {
			pod:      mounted(flex(driverOSS, map[string]string{"bucket": "b", "akId": "mine"})),
			resolved: func(r *resolve.Resolved) { r.VolumeSecrets["v"] = map[string]string{"akId": "id", "akSecret": "s"} },
			want:     wantFlex(driverOSS, "xfs", map[string]string{"bucket": "b", "akId": "mine", "akSecret": "s"}),
		},
		"flex NAS":       {pod: mounted(flex(driverNAS, map[string]string{"server": "s"})), want: wantFlex(driverNAS, "xfs", map[string]string{"server": "s"})},
		"another driver": {pod: mounted(flex("example.com/x", nil)), refused: []string{vol0 + ".flexVolume.driver"}},
		"another kind":   {pod: mounted(corev1.VolumeSource{ISCSI: &corev1.ISCSIVolumeSource{}}), refused: []string{vol0}},
		"image":          {pod: mounted(corev1.VolumeSource{Image: &corev1.ImageVolumeSource{}}), refused: []string{vol0}},
		"too large file": {
			pod: mounted(sources["config map"]),
			resolved: func(r *resolve.Resolved) {
				r.Files["v"] = eci.ConfigFile{Files: []eci.File{{Path: "f", Content: make([]byte, maxFileBytes+1)}}}
			},
			refused: []string{vol0},
		},
		"too many files": {
			pod:      mounted(sources["config map"]),
			resolved: func(r *resolve.Resolved) { r.Files["v"] = eci.ConfigFile{Files: make([]eci.File, maxFiles+1)} },
			refused:  []string{vol0},
		},
		"21 volumes": {pod: manyVolumes(21, empty(corev1.EmptyDirVolumeSource{})), refused: []string{"spec.volumes"}},
		"7 disks":    {pod: manyVolumes(7, flex(driverDisk, map[string]string{"volumeId": "d"})), refused: []string{"spec.volumes"}},
		"new disk by annotation": {
			pod:  both(mounted(empty(corev1.EmptyDirVolumeSource{})), annotated(keyDiskVolume, "v:ext4:500Gi")),
			want: wantFlex(driverDisk, "ext4", map[string]string{"volumeSize": "500", "deleteWithInstance": "true"}),
		},
		"disk of no volume":        {pod: annotated(keyDiskVolume, "v:ext4:500Gi"), refused: []string{field(keyDiskVolume)}},
		"disk without size":        {pod: annotated(keyDiskVolume, "v:ext4"), refused: []string{field(keyDiskVolume)}},
		"disk too small":           {pod: annotated(keyDiskVolume, "v:ext4:19Gi"), refused: []string{field(keyDiskVolume)}},
		"disk of odd file systems": {pod: annotated(keyDiskVolume, "v:ntfs:20Gi"), refused: []string{field(keyDiskVolume)}},
	}
	for name, source := range sources {
		rules[name] = rule{pod: mounted(source), resolved: func(r *resolve.Resolved) { r.Files["v"] = files }, want: wantMounted(true, eci.Volume{ConfigFile: &files})}
		rules[name+" without files"] = rule{pod: mounted(source), want: wantMounted(true, eci.Volume{EmptyDir: &eci.EmptyDir{}})}
	}
	check(t, rules)
}

func manyVolumes(n int, source corev1.VolumeSource) func(*corev1.Pod) {
	return func(p *corev1.Pod) {
		for i := range n {
			p.Spec.Volumes = append(p.Spec.Volumes, corev1.Volume{Name: fmt.Sprintf("v%d", i), VolumeSource: source})
		}
	}
}

func TestPersistentVolumes(t *testing.T) {
	behind := func(pv *corev1.PersistentVolume) func(*resolve.Resolved) {
		return func(r *resolve.Resolved) { r.Claims["v"] = pv }
	}
	spec := func(s corev1.PersistentVolumeSource, options ...string) *corev1.PersistentVolume {
		return &corev1.PersistentVolume{Spec: corev1.PersistentVolumeSpec{PersistentVolumeSource: s, MountOptions: options}}
	}
	nas := func(attributes map[string]string) *corev1.PersistentVolume {
		return csiVolume(corev1.CSIPersistentVolumeSource{Driver: csiNAS, VolumeAttributes: attributes})
	}
	claim := mounted(claimed("v").VolumeSource)
	readOnly := mounted(corev1.VolumeSource{PersistentVolumeClaim: &corev1.PersistentVolumeClaimVolumeSource{ReadOnly: true}})
	disk := eci.Volume{Flex: &eci.Flex{Driver: driverDisk, FSType: "ext4", Options: map[string]string{"volumeId": "d-1", "deleteWithInstance": "false"}}}
	pvDisk := csiVolume(corev1.CSIPersistentVolumeSource{Driver: csiDisk, VolumeHandle: "d-1", FSType: "ext4"})
	pvc := vol0 + ".persistentVolumeClaim"
	check(t, map[string]rule{
		"disk":            {pod: claim, resolved: behind(pvDisk), want: wantMounted(false, disk)},
		"disk, read-only": {pod: readOnly, resolved: behind(pvDisk), want: wantMounted(true, disk)},
		"ephemeral disk":  {pod: mounted(corev1.VolumeSource{Ephemeral: &corev1.EphemeralVolumeSource{}}), resolved: behind(pvDisk), want: wantMounted(false, disk)},
		"NAS":             {pod: claim, resolved: behind(nas(map[string]string{"server": "s.nas", "path": "/p"})), want: wantMounted(false, eci.Volume{NFS: &eci.NFS{Server: "s.nas", Path: "/p"}})},
		"NAS, one string": {pod: claim, resolved: behind(nas(map[string]string{"server": "s.nas:/p"})), want: wantMounted(false, eci.Volume{NFS: &eci.NFS{Server: "s.nas", Path: "/p"}})},
		"NAS, root":       {pod: readOnly, resolved: behind(nas(map[string]string{"server": "s.nas"})), want: wantMounted(true, eci.Volume{NFS: &eci.NFS{Server: "s.nas", Path: "/", ReadOnly: true}})},
		"NAS nowhere":     {pod: claim, resolved: behind(nas(nil)), refused: []string{pvc}},
		"OSS with keys": {
			pod: claim,
			resolved: both(behind(csiVolume(corev1.CSIPersistentVolumeSource{Driver: csiOSS, VolumeAttributes: map[string]string{"bucket": "b", "url": "u", "otherOpts": "-o x", "junk": "j"}})),
				func(r *resolve.Resolved) {
					r.VolumeSecrets["v"] = map[string]string{"akId": "id", "akSecret": "s", "junk": "j"}
				}),
			want: wantMounted(false, eci.Volume{Flex: &eci.Flex{Driver: driverOSS, Options: map[string]string{"bucket": "b", "url": "u", "otherOpts": "-o x", "akId": "id", "akSecret": "s"}}}),
		},
		"OSS without a URL": {pod: claim, resolved: behind(csiVolume(corev1.CSIPersistentVolumeSource{Driver: csiOSS, VolumeAttributes: map[string]string{"bucket": "b"}})), refused: []string{pvc}},
		"another driver":    {pod: claim, resolved: behind(csiVolume(corev1.CSIPersistentVolumeSource{Driver: "ebs.csi.aws.com"})), refused: []string{pvc}},
		"NFS": {
			pod:      claim,
			resolved: behind(spec(corev1.PersistentVolumeSource{NFS: &corev1.NFSVolumeSource{Server: "s", Path: "/p"}}, "nolock", "ro")),
			want:     wantMounted(true, eci.Volume{NFS: &eci.NFS{Server: "s", Path: "/p", ReadOnly: true}}),
		},
		"flex": {
			pod:      claim,
			resolved: behind(spec(corev1.PersistentVolumeSource{FlexVolume: &corev1.FlexPersistentVolumeSource{Driver: driverDisk, FSType: "ext4", Options: map[string]string{"volumeId": "d-1"}}})),
			want:     wantMounted(false, disk),
		},
		"host path":    {pod: claim, resolved: behind(spec(corev1.PersistentVolumeSource{HostPath: &corev1.HostPathVolumeSource{Path: "/h"}})), refused: []string{pvc}},
		"another kind": {pod: claim, resolved: behind(spec(corev1.PersistentVolumeSource{Local: &corev1.LocalVolumeSource{}})), refused: []string{pvc}},
		"not resolved": {pod: claim, refused: []string{pvc}},
		"inline NAS": {
			pod:  mounted(corev1.VolumeSource{CSI: &corev1.CSIVolumeSource{Driver: csiNAS, ReadOnly: ptr(true), VolumeAttributes: map[string]string{"server": "s"}}}),
			want: wantMounted(true, eci.Volume{NFS: &eci.NFS{Server: "s", Path: "/", ReadOnly: true}}),
		},
		"inline OSS": {
			pod:  mounted(corev1.VolumeSource{CSI: &corev1.CSIVolumeSource{Driver: csiOSS, VolumeAttributes: map[string]string{"bucket": "b", "url": "u", "ramRole": "r"}}}),
			want: wantMounted(false, eci.Volume{Flex: &eci.Flex{Driver: driverOSS, Options: map[string]string{"bucket": "b", "url": "u", "ramRole": "r"}}}),
		},
		"inline disk":    {pod: mounted(corev1.VolumeSource{CSI: &corev1.CSIVolumeSource{Driver: csiDisk}}), refused: []string{vol0 + ".csi.driver"}},
		"inline secrets": {pod: mounted(corev1.VolumeSource{CSI: &corev1.CSIVolumeSource{Driver: "secrets-store.csi.k8s.io"}}), refused: []string{vol0 + ".csi.driver"}},
	})
}
