package resolve

import (
	"fmt"
	"maps"
	"slices"
	"strings"
)

// PodIPFieldPath is the one field path that ECI resolves itself.
// https://help.aliyun.com/zh/eci/developer-reference/api-eci-2018-08-08-createcontainergroup
const PodIPFieldPath = "status.podIP"

// envField resolves a fieldRef of a variable.
func (r *resolver) envField(field, path string) (value, bool) {
	switch path {
	case "status.podIP", "status.podIPs":
		return value{fieldPath: PodIPFieldPath}, true
	case "status.hostIP", "status.hostIPs":
		if r.node.HostIP == "" {
			r.refuse(field, "the node has no address", "give the node an internal IP")
			return value{}, false
		}
		return value{text: r.node.HostIP}, true
	case "spec.nodeName":
		return value{text: r.pod.Spec.NodeName}, true
	case "spec.serviceAccountName":
		return value{text: r.pod.Spec.ServiceAccountName}, true
	}
	text, ok := r.metadata(path)
	if !ok {
		r.refuse(field, fmt.Sprintf("%q is not a field that a variable can have", path), "")
	}
	return value{text: text}, ok
}

// fileField resolves a fieldRef of a downward API file, which may also ask
// for all labels or annotations.
func (r *resolver) fileField(field, path string) (string, bool) {
	switch path {
	case "metadata.labels":
		return formatMap(r.pod.Labels), true
	case "metadata.annotations":
		return formatMap(r.pod.Annotations), true
	}
	text, ok := r.metadata(path)
	if !ok {
		r.refuse(field, fmt.Sprintf("%q is not a field that a downward API file can have", path), "")
	}
	return text, ok
}

// metadata resolves what both kinds of references can name.
func (r *resolver) metadata(path string) (string, bool) {
	switch path {
	case "metadata.name":
		return r.pod.Name, true
	case "metadata.namespace":
		return r.pod.Namespace, true
	case "metadata.uid":
		return string(r.pod.UID), true
	}
	if key, ok := subscript(path, "metadata.labels"); ok {
		return r.pod.Labels[key], true
	}
	if key, ok := subscript(path, "metadata.annotations"); ok {
		return r.pod.Annotations[key], true
	}
	return "", false
}

// subscript returns key of path = name['key'].
func subscript(path, name string) (string, bool) {
	rest, ok := strings.CutPrefix(path, name+"['")
	if !ok {
		return "", false
	}
	return strings.CutSuffix(rest, "']")
}

// formatMap writes a map as the downward API does: key="value" lines, sorted,
// with the values escaped.
func formatMap(m map[string]string) string {
	var lines []string
	for _, k := range slices.Sorted(maps.Keys(m)) {
		lines = append(lines, fmt.Sprintf("%s=%q", k, m[k]))
	}
	return strings.Join(lines, "\n")
}
