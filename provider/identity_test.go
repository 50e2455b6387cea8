package provider

import (
	"strings"
	"testing"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/types"
	"k8s.io/utils/ptr"
)

const uid = types.UID("01234567-89ab-cdef-0123-456789abcdef")

func TestClientTokensTellAttemptsApart(t *testing.T) {
	if a, b := clientToken(uid, 0), clientToken(uid, 1); a == b || len(clientToken(uid, 1_000_000)) > 64 {
		t.Errorf("tokens %q, %q", a, b)
	}
	for token, want := range map[string]int{
		clientToken(uid, 0): 0, clientToken(uid, 17): 17, "": -1, string(uid): -1, string(uid) + "-x": -1, string(uid) + "--1": -1,
		"00000000-89ab-cdef-0123-456789abcdef-3": -1,
	} {
		if got := attemptOf(uid, token); got != want {
			t.Errorf("attemptOf(%q) = %d, want %d", token, got, want)
		}
	}
}

func TestTagsFitAndIdentify(t *testing.T) {
	long := strings.Repeat("x", 253)
	pod := &corev1.Pod{ObjectMeta: metav1.ObjectMeta{
		Namespace: "shop", Name: long, UID: uid,
		OwnerReferences: []metav1.OwnerReference{{Kind: "ReplicaSet", Name: long, Controller: ptr.To(true)}},
	}}
	node := Identity{ClusterID: "c", NodeName: long}
	seen := map[string]string{}
	for _, tag := range node.tags(pod, 3) {
		if len(tag.Key) > 64 || len(tag.Value) > 128 || tag.Value == "" {
			t.Errorf("tag %q=%q does not fit", tag.Key, tag.Value)
		}
		seen[tag.Key] = tag.Value
	}
	if seen[TagUID] != string(uid) || seen[TagAttempt] != "3" || seen[tagOwnerKind] != "ReplicaSet" {
		t.Errorf("tags %v", seen)
	}
	for _, tag := range node.Selector() {
		if seen[tag.Key] != tag.Value {
			t.Errorf("the selector's %s=%s is not among the tags", tag.Key, tag.Value)
		}
	}
	// 20 tags are allowed, 3 are the user's.
	if len(seen) > 17 {
		t.Errorf("%d tags leave no room for the user's", len(seen))
	}
	if tagValue(long) == tagValue(long[:252]+"y") {
		t.Error("two long names share a tag value")
	}
}
