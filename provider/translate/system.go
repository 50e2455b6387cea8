package translate

import (
	"encoding/json"
	"fmt"
	"strings"

	"github.com/ebb-node/ebb/eci"
)

// system translates what concerns the machine under the containers.
func (t *translator) system() {
	if v := t.value(keySLSEnable); v != "" && !t.boolean(keySLSEnable) {
		t.request.Extra["SlsEnable"] = "false"
	}
	if pattern := t.value(keyCorePattern); strings.HasPrefix(pattern, "|") {
		t.refuse(field(keyCorePattern), "begins with a vertical bar", "name a path: cores cannot be piped into a program")
	} else if pattern != "" {
		t.request.Extra["CorePattern"] = pattern
	}
	t.hostSysctls()
}

// hostSysctls translates the annotation for sysctls of the machine.
func (t *translator) hostSysctls() {
	v := t.value(keyHostSysctls)
	if v == "" {
		return
	}
	sysctls, err := parseSysctls(v)
	if err != nil {
		t.refuse(field(keyHostSysctls), err.Error(), `for example [{"name":"kernel.shmmax","value":"65536"}]`)
		return
	}
	t.request.HostSysctls = append(t.request.HostSysctls, sysctls...)
}

func parseSysctls(v string) ([]eci.KeyValue, error) {
	var items []struct{ Name, Value string }
	if err := json.Unmarshal([]byte(v), &items); err != nil {
		return nil, fmt.Errorf("is not a JSON list of names and values")
	}
	var out []eci.KeyValue
	for _, item := range items {
		if item.Name == "" || item.Value == "" {
			return nil, fmt.Errorf("has an item without a name or a value")
		}
		out = append(out, eci.KeyValue{Key: item.Name, Value: item.Value})
	}
	return out, nil
}
