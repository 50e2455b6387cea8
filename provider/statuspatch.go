package provider

import (
	"encoding/json"
	"fmt"

	corev1 "k8s.io/api/core/v1"
)

// statusPatch is the strategic merge patch that writes a pod's status and the
// provider's annotations. The UID in it makes the API server refuse it with a
// conflict when the name belongs to another pod by now. Conditions are merged
// by type, so that those of others stay.
func statusPatch(pod *corev1.Pod) ([]byte, error) {
	raw, err := json.Marshal(pod.Status)
	if err != nil {
		return nil, fmt.Errorf("pod %s/%s: encode status: %w", pod.Namespace, pod.Name, err)
	}
	var status map[string]any
	if err := json.Unmarshal(raw, &status); err != nil {
		return nil, fmt.Errorf("pod %s/%s: encode status: %w", pod.Namespace, pod.Name, err)
	}
	// The API server's own.
	delete(status, "qosClass")
	delete(status, "observedGeneration")
	clearMissing(status, "reason", "message", "podIP")
	conditions, _ := status["conditions"].([]any)
	for _, c := range conditions {
		if c, ok := c.(map[string]any); ok {
			clearMissing(c, "reason", "message")
		}
	}
	status["podIPs"] = replaced(status["podIPs"])
	metadata := map[string]any{"uid": pod.UID}
	if own := ownAnnotations(pod.Annotations); len(own) > 0 {
		metadata["annotations"] = own
	}
	return json.Marshal(map[string]any{"metadata": metadata, "status": status})
}

// clearMissing has fields removed that are not there: a merge would leave the
// old values.
func clearMissing(object map[string]any, fields ...string) {
	for _, field := range fields {
		if _, set := object[field]; !set {
			object[field] = nil
		}
	}
}

// replaced makes a merged list take the place of the one before.
func replaced(list any) []any {
	items, _ := list.([]any)
	return append([]any{map[string]any{"$patch": "replace"}}, items...)
}
