package translate

import (
	"strings"

	corev1 "k8s.io/api/core/v1"
)

// Limits of lists.
// https://help.aliyun.com/zh/eci/developer-reference/api-eci-2018-08-08-createcontainergroup
const (
	maxVSwitches      = 10
	maxSecurityGroups = 5
)

// placement translates where the group runs and whose it is; an annotation
// replaces what the node brings.
func (t *translator) placement() {
	t.request.ZoneID = t.config.ZoneID
	t.request.VSwitchIDs = t.config.VSwitchIDs
	if ids := t.list(maxVSwitches, keyVSwitch); len(ids) > 0 {
		t.request.VSwitchIDs = ids
		t.request.ZoneID = "" // the vSwitch fixes the zone
	}
	t.request.SecurityGroupID = t.config.SecurityGroupID
	if ids := t.list(maxSecurityGroups, keySecurityGroup); len(ids) > 0 {
		t.request.SecurityGroupID = strings.Join(ids, ",")
	}
	t.request.ResourceGroupID = t.config.ResourceGroupID
	if id := t.value(keyResourceGroup); id != "" {
		t.request.ResourceGroupID = id
	}
	t.request.RAMRoleName = t.config.RAMRoleName
	if role := t.value(keyRAMRole); role != "" {
		t.request.RAMRoleName = role
	}
	t.architecture()
}

// architectureLabel is the node selector that tells the architecture.
const architectureLabel = corev1.LabelArchStable

// Architectures, as Kubernetes calls them.
const (
	archAMD64 = "amd64"
	archARM64 = "arm64"
)

// architecture asks for Arm when the pod selects it, or else the node is so.
func (t *translator) architecture() {
	arch, selected := t.pod.Spec.NodeSelector[architectureLabel]
	if !selected {
		arch = t.config.Architecture
	}
	switch arch {
	case "", archAMD64:
	case archARM64:
		t.request.Extra["CpuArchitecture"] = "ARM64"
	default:
		t.refuse("spec.nodeSelector["+architectureLabel+"]", "ECI has amd64 and arm64 and no "+arch, "")
	}
}
