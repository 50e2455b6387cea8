package translate

import (
	"fmt"
	"strings"
)

// images translates image caches and registries without a password.
func (t *translator) images() {
	t.request.RegistryCredentials = t.resolved.Credentials
	if t.boolean(keyAutoImageCache, keyAutoImageCacheOld) {
		t.request.Extra["AutoMatchImageCache"] = "true"
	}
	if _, id := t.first(keyImageCacheID, keyImageSnapshotID); id != "" {
		t.request.Extra["ImageSnapshotId"] = id
	}
	t.registries()
}

// maxACRInstances keeps a typing mistake from making a huge request; the API
// documents no limit.
const maxACRInstances = 20

// registries translates ACR Enterprise instances: "cri-a" or
// "cn-beijing:cri-a". The role ARNs go with each of them.
func (t *translator) registries() {
	service, user := t.value(keyACRServiceARNs), t.value(keyACRUserARNs)
	instances := t.list(maxACRInstances, keyACRInstanceIDs, keyACRInstanceIDOld)
	if len(instances) == 0 {
		t.ignore("there is no "+Prefix+keyACRInstanceIDs, keyACRServiceARNs, keyACRUserARNs)
		return
	}
	services, users := splitList(service), splitList(user)
	for i, instance := range instances {
		prefix := fmt.Sprintf("AcrRegistryInfo.%d.", i+1)
		if region, id, ok := strings.Cut(instance, ":"); ok {
			t.request.Extra[prefix+"RegionId"] = region
			instance = id
		}
		t.request.Extra[prefix+"InstanceId"] = instance
		t.setARN(keyACRServiceARNs, prefix+"ArnService", services, i, len(instances))
		t.setARN(keyACRUserARNs, prefix+"ArnUser", users, i, len(instances))
	}
}

// setARN gives instance i its ARN: the only one there is, or its own.
func (t *translator) setARN(key, parameter string, arns []string, i, instances int) {
	switch len(arns) {
	case 0:
	case 1:
		t.request.Extra[parameter] = arns[0]
	case instances:
		t.request.Extra[parameter] = arns[i]
	default:
		t.refuse(field(key), fmt.Sprintf("has %d items for %d registry instances", len(arns), instances), "give one for all, or one for each")
	}
}
