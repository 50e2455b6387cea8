package provider

import (
	"maps"
	"strconv"

	corev1 "k8s.io/api/core/v1"
)

// Annotations that tell of a pod's container group, under the names that
// Alibaba's managed node writes
// (https://help.aliyun.com/zh/eci/user-guide/pod-annotations). Those that a
// user may also set as input, eci-vswitch and eci-security-group, are not
// written: they would change what a copy of the pod asks for.
const (
	annotationPrefix       = "k8s.aliyun.com/"
	annotationGroupID      = annotationPrefix + "eci-instance-id"
	annotationRequestID    = annotationPrefix + "eci-request-id"
	annotationClientToken  = annotationPrefix + "eci-client-token"
	annotationSpec         = annotationPrefix + "eci-instance-spec"
	annotationCPU          = annotationPrefix + "eci-instance-cpu"
	annotationMemory       = annotationPrefix + "eci-instance-mem"
	annotationZone         = annotationPrefix + "eci-instance-zone"
	annotationVPC          = annotationPrefix + "eci-vpc"
	annotationENI          = annotationPrefix + "eni-instance-id"
	annotationInternetAddr = annotationPrefix + "allocated-eipAddress"
	annotationIPv6Addr     = annotationPrefix + "allocated-ipv6Address"
)

var written = []string{
	annotationGroupID, annotationRequestID, annotationClientToken, annotationSpec, annotationCPU, annotationMemory,
	annotationZone, annotationVPC, annotationENI, annotationInternetAddr, annotationIPv6Addr,
}

// annotations are what a record tells about its group; empty values are left
// out.
func (r *record) annotations() map[string]string {
	out := map[string]string{annotationGroupID: r.groupID, annotationRequestID: r.requestID}
	if r.groupID != "" {
		out[annotationClientToken] = clientToken(r.uid, r.attempt)
	}
	if g := r.group; g != nil && g.ID == r.groupID {
		out[annotationZone], out[annotationVPC], out[annotationENI] = g.ZoneID, g.VPCID, g.ENIID
		out[annotationInternetAddr], out[annotationIPv6Addr] = g.InternetIP, g.IPv6Address
		if g.CPU > 0 {
			out[annotationCPU], out[annotationMemory] = decimals(g.CPU, 3), decimals(g.Memory, 2)
			out[annotationSpec] = oneDecimal(g.CPU) + "-" + oneDecimal(g.Memory) + "Gi"
		}
		if g.InstanceType != "" {
			out[annotationSpec] = g.InstanceType
		}
	}
	maps.DeleteFunc(out, func(_, v string) bool { return v == "" })
	return out
}

// decimals is the form of eci-instance-cpu, 2.000, and eci-instance-mem, 4.00:
// none is documented, and samples of the managed node differ.
func decimals(v float64, n int) string { return strconv.FormatFloat(v, 'f', n, 64) }

// oneDecimal is the form of eci-instance-spec, 2.0, with as many decimals as
// the value needs.
func oneDecimal(v float64) string {
	if v == float64(int64(v)) {
		return strconv.FormatFloat(v, 'f', 1, 64)
	}
	return strconv.FormatFloat(v, 'f', -1, 64)
}

// ownAnnotations picks the provider's own out of a pod's.
func ownAnnotations(all map[string]string) map[string]string {
	out := map[string]string{}
	for _, key := range written {
		if v, ok := all[key]; ok {
			out[key] = v
		}
	}
	return out
}

// lastAttempt is the number of the attempt that made the recorded group; -1
// when none is recorded.
func lastAttempt(pod *corev1.Pod) int {
	return attemptOf(pod.UID, pod.Annotations[annotationClientToken])
}
