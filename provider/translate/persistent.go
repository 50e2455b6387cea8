package translate

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	corev1 "k8s.io/api/core/v1"

	"github.com/ebb-node/ebb/eci"
)

// CSI drivers of Alibaba Cloud whose volumes ECI can mount.
// https://github.com/kubernetes-sigs/alibaba-cloud-csi-driver
const (
	csiDisk = "diskplugin.csi.alibabacloud.com"
	csiNAS  = "nasplugin.csi.alibabacloud.com"
	csiOSS  = "ossplugin.csi.alibabacloud.com"
)

// flex translates a FlexVolume of ECI's own drivers.
func (t *translator) flex(field, name, driver, fsType string, readOnly bool, options map[string]string) (eci.Volume, bool) {
	t.readOnly[name] = readOnly
	all := maps.Clone(t.resolved.VolumeSecrets[name])
	if all == nil {
		all = map[string]string{}
	}
	maps.Copy(all, options)
	switch driver {
	case driverDisk:
		return eci.Volume{Flex: newDisk(fsType, all)}, true
	case driverNAS, driverOSS:
		return eci.Volume{Flex: &eci.Flex{Driver: driver, FSType: fsType, Options: all}}, true
	}
	t.refuse(field+".driver", fmt.Sprintf("%q is not a driver that ECI has", driver), "use "+driverDisk+", "+driverNAS+" or "+driverOSS)
	return eci.Volume{}, false
}

// persistent translates the volume behind a claim.
func (t *translator) persistent(field, name string, readOnly bool) (eci.Volume, bool) {
	pv := t.resolved.Claims[name]
	if pv == nil {
		t.refuse(field, fmt.Sprintf("the persistent volume behind volume %q was not resolved", name), "")
		return eci.Volume{}, false
	}
	spec := &pv.Spec
	readOnly = readOnly || slices.Contains(spec.MountOptions, "ro")
	t.readOnly[name] = readOnly
	switch {
	case spec.CSI != nil:
		return t.csi(field, name, spec, readOnly || spec.CSI.ReadOnly)
	case spec.FlexVolume != nil:
		f := spec.FlexVolume
		return t.flex(field, name, f.Driver, f.FSType, readOnly || f.ReadOnly, f.Options)
	case spec.NFS != nil:
		t.readOnly[name] = readOnly || spec.NFS.ReadOnly
		return eci.Volume{NFS: &eci.NFS{Server: spec.NFS.Server, Path: spec.NFS.Path, ReadOnly: readOnly || spec.NFS.ReadOnly}}, true
	case spec.HostPath != nil:
		return t.hostPath(field, spec.HostPath)
	}
	t.refuse(field, fmt.Sprintf("persistent volume %q is of a kind that ECI cannot mount", pv.Name), "use a disk, NAS or OSS volume")
	return eci.Volume{}, false
}

// csi translates a persistent volume of one of Alibaba Cloud's drivers.
func (t *translator) csi(field, name string, spec *corev1.PersistentVolumeSpec, readOnly bool) (eci.Volume, bool) {
	t.readOnly[name] = readOnly
	source := spec.CSI
	switch source.Driver {
	case csiDisk:
		return eci.Volume{Flex: newDisk(source.FSType, map[string]string{optionVolumeID: source.VolumeHandle})}, true
	case csiNAS:
		return t.nas(field, source.VolumeAttributes, readOnly)
	case csiOSS:
		return t.oss(field, name, source.VolumeAttributes)
	}
	t.refuse(field, fmt.Sprintf("ECI cannot mount volumes of driver %q", source.Driver), "use "+csiDisk+", "+csiNAS+" or "+csiOSS)
	return eci.Volume{}, false
}

// inlineCSI translates a volume whose driver stands in the pod. A disk needs a
// handle, which only a persistent volume has.
func (t *translator) inlineCSI(field, name string, v *corev1.CSIVolumeSource) (eci.Volume, bool) {
	readOnly := isTrue(v.ReadOnly)
	t.readOnly[name] = readOnly
	switch v.Driver {
	case csiNAS:
		return t.nas(field, v.VolumeAttributes, readOnly)
	case csiOSS:
		return t.oss(field, name, v.VolumeAttributes)
	}
	t.refuse(field+".driver", fmt.Sprintf("ECI cannot mount inline volumes of driver %q", v.Driver), "use "+csiNAS+" or "+csiOSS+", or a claim")
	return eci.Volume{}, false
}

// nas is an NFS mount. The server may carry the path: "server:/path".
func (t *translator) nas(field string, attributes map[string]string, readOnly bool) (eci.Volume, bool) {
	server, path, _ := strings.Cut(attributes["server"], ":")
	if own := attributes["path"]; own != "" {
		path = own
	}
	if server == "" {
		t.refuse(field, "the volume has no attribute server", "name the mount target of the NAS file system")
		return eci.Volume{}, false
	}
	return eci.Volume{NFS: &eci.NFS{Server: server, Path: pathOr(path), ReadOnly: readOnly}}, true
}

// ossOptions are the attributes of an OSS volume that ECI knows, and those of
// the Secret with the keys.
var ossOptions = []string{"bucket", "url", "otherOpts", "path", "ramRole", "akId", "akSecret"}

// oss is a mount of a bucket.
func (t *translator) oss(field, name string, attributes map[string]string) (eci.Volume, bool) {
	options := map[string]string{}
	for _, from := range []map[string]string{t.resolved.VolumeSecrets[name], attributes} {
		for _, key := range ossOptions {
			if v := from[key]; v != "" {
				options[key] = v
			}
		}
	}
	if options["bucket"] == "" || options["url"] == "" {
		t.refuse(field, "the volume lacks attribute bucket or url", "")
		return eci.Volume{}, false
	}
	return eci.Volume{Flex: &eci.Flex{Driver: driverOSS, Options: options}}, true
}
