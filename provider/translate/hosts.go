package translate

import (
	"encoding/json"
	"fmt"
	"strings"

	corev1 "k8s.io/api/core/v1"

	"github.com/ebb-node/ebb/eci"
)

// maxHostName is the kernel's limit of a host name; a kubelet cuts a pod's
// name at 63 characters, that of a DNS label.
const (
	maxHostName = 64
	maxLabel    = 63
)

// hosts translates the host name and the entries of /etc/hosts. ECI would
// name the host after the group.
func (t *translator) hosts() {
	t.request.HostName = hostName(t.pod)
	if isTrue(t.pod.Spec.SetHostnameAsFQDN) && t.pod.Spec.Subdomain != "" {
		t.request.HostName = fmt.Sprintf("%s.%s.%s.svc.%s", t.request.HostName, t.pod.Spec.Subdomain, t.pod.Namespace, t.config.ClusterDomain)
		if len(t.request.HostName) > maxHostName {
			t.refuse("spec.setHostnameAsFQDN", fmt.Sprintf("%q is longer than %d characters", t.request.HostName, maxHostName), "shorten hostname or subdomain")
		}
	}
	for _, alias := range t.pod.Spec.HostAliases {
		t.request.HostAliases = append(t.request.HostAliases, eci.HostAlias{IP: alias.IP, Hostnames: alias.Hostnames})
	}
	t.customHosts()
}

// hostName is what a kubelet would call the host.
func hostName(pod *corev1.Pod) string {
	if name := pod.Spec.HostnameOverride; name != nil {
		return *name
	}
	if pod.Spec.Hostname != "" {
		return pod.Spec.Hostname
	}
	name := pod.Name
	if len(name) > maxLabel {
		name = name[:maxLabel]
	}
	return strings.TrimRight(name, "-.")
}

// customHosts adds the annotation's entries to the containers' hosts files,
// the only ones that the public API reaches.
func (t *translator) customHosts() {
	v := t.value(keyCustomHosts)
	if v == "" {
		return
	}
	aliases, err := parseHosts(v)
	if err != nil {
		t.refuse(field(keyCustomHosts), err.Error(), `for example [{"host":"h","ip":"1.2.3.4"}]`)
		return
	}
	t.request.HostAliases = append(t.request.HostAliases, aliases...)
	t.warn(ReasonAnnotationIgnored, field(keyCustomHosts)+": the entries are used inside the containers but not while images are pulled")
}

func parseHosts(v string) ([]eci.HostAlias, error) {
	var items []struct{ Host, IP string }
	if err := json.Unmarshal([]byte(v), &items); err != nil {
		return nil, fmt.Errorf("is not a JSON list of hosts and addresses")
	}
	var out []eci.HostAlias
	for _, item := range items {
		if item.Host == "" || item.IP == "" {
			return nil, fmt.Errorf("has an item without host or ip")
		}
		out = append(out, eci.HostAlias{IP: item.IP, Hostnames: []string{item.Host}})
	}
	return out, nil
}
