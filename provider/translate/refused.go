package translate

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
)

// refusedKeys are annotations that change cost, behaviour or security and for
// which the public API has no parameter.
var refusedKeys = []struct {
	key  string
	hint string
}{
	{"eip-internet-charge-type", "create the EIP yourself and name it in " + Prefix + keyEIPInstanceID},
	{"eip-public-ip-address-pool-id", "create the EIP yourself and name it in " + Prefix + keyEIPInstanceID},
	{"eci-privatepool-matchcriteria", "remove it"},
	{"eci-privatepool-id", "remove it"},
}

// ignoredKeys are annotations without an API parameter whose absence only
// loses a hint, and what is lost.
var ignoredKeys = map[string]string{
	"eci-gpu-type":              "name a GPU instance type in " + Prefix + keyUseSpecs,
	"imc-perfect-match":         "the service picks the image cache by itself",
	"imc-match-count-request":   "the service picks the image cache by itself",
	"eci-kube-proxy-enabled":    "whether a container group reaches cluster addresses depends on its network",
	"eci-eviction-enable":       "the node does not watch the ephemeral storage of container groups",
	"eci-network-policy-enable": "container groups have no network policies; use security groups",
}

// refused refuses annotations that the public API cannot express.
func (t *translator) refused() {
	for _, r := range refusedKeys {
		if t.value(r.key) != "" {
			t.refuse(field(r.key), "the public API of ECI has no parameter for it", r.hint)
		}
	}
	t.instanceFilters()
	t.storageOptions()
}

// ignored warns of annotations that have no effect.
func (t *translator) ignored() {
	for _, key := range slices.Sorted(maps.Keys(ignoredKeys)) {
		if v := t.value(key); v != "" && !strings.EqualFold(v, "false") {
			t.ignore(ignoredKeys[key], key)
		}
	}
}

// instanceFilters handles the filters by family and generation. They work on
// sizes, so beside instance types alone they mean nothing anyway.
func (t *translator) instanceFilters() {
	specs, err := specsOf(t.pod)
	onlyTypes := err == nil && len(specs) > 0 && !slices.ContainsFunc(specs, func(s spec) bool { return s.instanceType == "" })
	for _, key := range []string{keyInstanceFamily, keyInstanceGeneration} {
		switch {
		case t.value(key) == "":
		case onlyTypes:
			t.ignore("all specs are instance types", key)
		default:
			t.refuse(field(key), "the public API of ECI has no parameter for it", "name instance types in "+Prefix+keyUseSpecs)
		}
	}
}

// storageOptions refuses encryption, which has no parameter.
func (t *translator) storageOptions() {
	v := t.value(keyStorageOptions)
	if v == "" {
		return
	}
	var options map[string]string
	if err := json.Unmarshal([]byte(v), &options); err != nil {
		t.refuse(field(keyStorageOptions), "is not a JSON object of strings", `for example {"encrypted":"false"}`)
		return
	}
	for _, name := range slices.Sorted(maps.Keys(options)) {
		if name != "encrypted" || !strings.EqualFold(options[name], "false") {
			t.refuse(field(keyStorageOptions), fmt.Sprintf("the public API of ECI has no parameter for %q", name), "remove it")
		}
	}
}
