package translate

import (
	"encoding/json"
	"fmt"
	"maps"

	corev1 "k8s.io/api/core/v1"
)

// Profile is what the ConfigMap eci-profile in kube-system brings: defaults
// for the cluster, and selectors that add annotations and labels to pods.
// https://www.alibabacloud.com/help/en/ack/ack-managed-and-ack-dedicated/user-guide/configure-an-eci-profile
type Profile struct {
	VSwitchIDs      []string
	SecurityGroupID string
	ResourceGroupID string
	Selectors       []Selector
}

// Selector adds to the pods that it matches.
type Selector struct {
	Name        string
	Namespace   map[string]string // labels of the namespace, all of which must match
	Pod         map[string]string // labels of the pod, all of which must match
	Annotations map[string]string // to add
	Labels      map[string]string // to add
}

// ParseProfile reads the data of the ConfigMap. Keys that are switches of
// Alibaba's managed node have no meaning here. The error names the key.
func ParseProfile(data map[string]string) (Profile, error) {
	p := Profile{
		VSwitchIDs:      splitList(firstOf(data, "vSwitchIds", "vswitchIds", "vswitch")),
		SecurityGroupID: firstOf(data, "securityGroupId", "securitygroup"),
		ResourceGroupID: firstOf(data, "resourceGroupId", "resourcegroup"),
	}
	if len(p.VSwitchIDs) > maxVSwitches {
		return Profile{}, fmt.Errorf("eci-profile: vSwitchIds has %d items and %d are allowed", len(p.VSwitchIDs), maxVSwitches)
	}
	selectors, err := parseSelectors(data["selectors"])
	p.Selectors = selectors
	return p, err
}

func firstOf(data map[string]string, keys ...string) string {
	for _, key := range keys {
		if v := data[key]; v != "" {
			return v
		}
	}
	return ""
}

func parseSelectors(text string) ([]Selector, error) {
	if text == "" {
		return nil, nil
	}
	type matcher struct {
		MatchLabels map[string]string `json:"matchLabels"`
	}
	var items []struct {
		Name              string  `json:"name"`
		NamespaceSelector matcher `json:"namespaceSelector"`
		ObjectSelector    matcher `json:"objectSelector"`
		Effect            struct {
			Annotations map[string]string `json:"annotations"`
			Labels      map[string]string `json:"labels"`
		} `json:"effect"`
	}
	if err := json.Unmarshal([]byte(text), &items); err != nil {
		return nil, fmt.Errorf("eci-profile: selectors is not a JSON list of selectors: %w", err)
	}
	var out []Selector
	for i, item := range items {
		if item.Name == "" {
			return nil, fmt.Errorf("eci-profile: selectors[%d] has no name", i)
		}
		out = append(out, Selector{
			Name:        item.Name,
			Namespace:   item.NamespaceSelector.MatchLabels,
			Pod:         item.ObjectSelector.MatchLabels,
			Annotations: item.Effect.Annotations,
			Labels:      item.Effect.Labels,
		})
	}
	return out, nil
}

// Config returns config with the profile's defaults over it.
func (p Profile) Config(config Config) Config {
	if len(p.VSwitchIDs) > 0 {
		config.VSwitchIDs = p.VSwitchIDs
		config.ZoneID = "" // the vSwitch fixes the zone
	}
	if p.SecurityGroupID != "" {
		config.SecurityGroupID = p.SecurityGroupID
	}
	if p.ResourceGroupID != "" {
		config.ResourceGroupID = p.ResourceGroupID
	}
	return config
}

// Apply returns pod with what the matching selectors add. What the pod has
// stays, and the first selector wins.
func (p Profile) Apply(pod *corev1.Pod, namespaceLabels map[string]string) *corev1.Pod {
	labels := pod.Labels
	out := pod.DeepCopy()
	for _, s := range p.Selectors {
		if s.matches(labels, namespaceLabels) {
			out.Annotations = addMissing(out.Annotations, s.Annotations)
			out.Labels = addMissing(out.Labels, s.Labels)
		}
	}
	return out
}

// matches reports whether all labels match; a selector without any matches
// nothing.
func (s Selector) matches(pod, namespace map[string]string) bool {
	return len(s.Pod)+len(s.Namespace) > 0 && contains(pod, s.Pod) && contains(namespace, s.Namespace)
}

func contains(have, want map[string]string) bool {
	for k, v := range want {
		if got, ok := have[k]; !ok || got != v {
			return false
		}
	}
	return true
}

func addMissing(have, more map[string]string) map[string]string {
	if len(more) == 0 {
		return have
	}
	out := maps.Clone(more)
	maps.Copy(out, have)
	return out
}
