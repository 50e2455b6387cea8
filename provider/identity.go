package provider

import (
	"crypto/sha256"
	"encoding/hex"
	"strconv"
	"strings"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/types"

	"github.com/ebb-node/ebb/eci"
)

// Tags that identify a container group. The first three find a node's groups
// and the pod that each belongs to; the others are for people, under the names
// that Alibaba's managed node uses
// (https://help.aliyun.com/zh/eci/user-guide/pod-annotations).
const (
	TagCluster   = "ebb-cluster"
	TagNode      = "ebb-node"
	TagUID       = "ebb-uid"
	TagAttempt   = "ebb-attempt"
	tagManagedBy = "ManagedBy"
	tagNamespace = "NameSpace"
	tagPodName   = "PodName"
	tagOwnerKind = "OwnerReferenceKind"
	tagOwnerName = "OwnerReferenceName"
)

// maxTagValue is the documented length of a tag's value
// (https://github.com/aliyun/aliyun-openapi-meta, eci/CreateContainerGroup).
const maxTagValue = 128

// Identity names the node whose container groups these are.
type Identity struct {
	ClusterID string
	NodeName  string
}

// Selector is the tags by which all groups of the node are found.
func (i Identity) Selector() []eci.KeyValue {
	return []eci.KeyValue{
		{Key: TagCluster, Value: tagValue(i.ClusterID)},
		{Key: TagNode, Value: tagValue(i.NodeName)},
	}
}

// tags are all tags of the group for a pod's n-th attempt.
func (i Identity) tags(pod *corev1.Pod, attempt int) []eci.KeyValue {
	tags := append(i.Selector(),
		eci.KeyValue{Key: TagUID, Value: string(pod.UID)},
		eci.KeyValue{Key: TagAttempt, Value: strconv.Itoa(attempt)},
		eci.KeyValue{Key: tagManagedBy, Value: "ebb"},
		eci.KeyValue{Key: tagNamespace, Value: pod.Namespace},
		eci.KeyValue{Key: tagPodName, Value: tagValue(pod.Name)},
	)
	if owner := metav1.GetControllerOf(pod); owner != nil {
		tags = append(tags,
			eci.KeyValue{Key: tagOwnerKind, Value: tagValue(owner.Kind)},
			eci.KeyValue{Key: tagOwnerName, Value: tagValue(owner.Name)})
	}
	return tags
}

// tagValue fits a value into a tag: one that is too long keeps its beginning
// and gets a hash of the whole.
func tagValue(v string) string {
	if len(v) <= maxTagValue {
		return v
	}
	sum := sha256.Sum256([]byte(v))
	suffix := "-" + hex.EncodeToString(sum[:8])
	return v[:maxTagValue-len(suffix)] + suffix
}

// clientToken is the idempotency token of a pod's n-th attempt; a UID of 36
// characters leaves room in the 64 that a token may have
// (https://www.alibabacloud.com/help/doc-detail/25693.htm).
func clientToken(uid types.UID, attempt int) string {
	return string(uid) + "-" + strconv.Itoa(attempt)
}

// attemptOf reads the attempt back from a client token of the pod; -1 means
// that it is not one.
func attemptOf(uid types.UID, token string) int {
	rest, ok := strings.CutPrefix(token, string(uid)+"-")
	if !ok {
		return -1
	}
	return parseAttempt(rest)
}

func parseAttempt(s string) int {
	n, err := strconv.Atoi(s)
	if err != nil || n < 0 {
		return -1
	}
	return n
}
