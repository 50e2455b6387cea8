package translate

import (
	"crypto/sha256"
	"encoding/hex"
	"strings"

	corev1 "k8s.io/api/core/v1"
)

// Limits of a group's name.
// https://help.aliyun.com/zh/eci/developer-reference/api-eci-2018-08-08-createcontainergroup
const (
	maxNameLength = 128
	nameHashBytes = 5 // tells apart pods whose sanitised names are alike
)

// GroupName is the name of a pod's container group, for people:
// namespace-name-hash, in the characters that ECI allows. The hash is of the
// UID, so that pods of one name get groups of different names.
func GroupName(pod *corev1.Pod) string {
	sum := sha256.Sum256([]byte(pod.UID))
	suffix := "-" + hex.EncodeToString(sum[:nameHashBytes])
	name := sanitise(pod.Namespace + "-" + pod.Name)
	if room := maxNameLength - len(suffix); len(name) > room {
		name = name[:room]
	}
	if name = strings.Trim(name, "-"); name == "" {
		name = "pod"
	}
	return name + suffix
}

// sanitise replaces what is neither a lower-case letter nor a digit.
func sanitise(s string) string {
	return strings.Map(func(c rune) rune {
		if 'a' <= c && c <= 'z' || '0' <= c && c <= '9' {
			return c
		}
		return '-'
	}, strings.ToLower(s))
}
