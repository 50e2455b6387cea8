package translate

import (
	"fmt"
	"strconv"
	"strings"

	corev1 "k8s.io/api/core/v1"

	"github.com/ebb-node/ebb/eci"
)

// FlexVolume drivers of ECI.
// https://help.aliyun.com/zh/eci/user-guide/mount-a-disk-volume
const (
	driverDisk = "alicloud/disk"
	driverNAS  = "alicloud/nas"
	driverOSS  = "alicloud/oss"
)

// Options of a disk.
const (
	optionVolumeID           = "volumeId"
	optionVolumeSize         = "volumeSize"
	optionDeleteWithInstance = "deleteWithInstance"
)

// Sizes of a disk in GiB.
// https://www.alibabacloud.com/help/doc-detail/144571.htm
const (
	minDiskGiB = 20
	maxDiskGiB = 32768
)

// diskFileSystems are those that ECI can make.
var diskFileSystems = []string{"ext4", "ext3", "xfs", "vfat"}

// parseDisk parses one item of eci-set-diskvolume: "cache:ext4:500Gi".
func parseDisk(item string) (volume string, disk *eci.Flex, err error) {
	parts := strings.Split(item, ":")
	if len(parts) != 3 || parts[0] == "" {
		return "", nil, fmt.Errorf("%q has not the form <volume>:<file system>:<size>Gi", item)
	}
	fs, ok := matchWord(parts[1], diskFileSystems)
	if !ok {
		return "", nil, fmt.Errorf("%q: file system %q is not one of %v", item, parts[1], diskFileSystems)
	}
	size, err := strconv.Atoi(strings.TrimSuffix(parts[2], "Gi"))
	if err != nil || size < minDiskGiB || size > maxDiskGiB {
		return "", nil, fmt.Errorf("%q: the size is not a number of GiB from %d to %d", item, minDiskGiB, maxDiskGiB)
	}
	return parts[0], newDisk(fs, map[string]string{optionVolumeSize: strconv.Itoa(size)}), nil
}

// newDisk completes the options of a disk. The documents disagree about what
// happens to a disk when its group goes if nothing is said, so it is said: a
// disk that existed before stays, one that was made for the group goes.
func newDisk(fsType string, options map[string]string) *eci.Flex {
	if options[optionDeleteWithInstance] == "" {
		options[optionDeleteWithInstance] = strconv.FormatBool(options[optionVolumeID] == "")
	}
	return &eci.Flex{Driver: driverDisk, FSType: fsType, Options: options}
}

// isDisk reports whether a volume is a cloud disk.
func (t *translator) isDisk(v *corev1.Volume) bool {
	if v.FlexVolume != nil {
		return v.FlexVolume.Driver == driverDisk
	}
	pv := t.resolved.Claims[v.Name]
	if pv == nil {
		return false
	}
	csi, flex := pv.Spec.CSI, pv.Spec.FlexVolume
	return csi != nil && csi.Driver == csiDisk || flex != nil && flex.Driver == driverDisk
}
