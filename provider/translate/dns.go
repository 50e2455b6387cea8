package translate

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	corev1 "k8s.io/api/core/v1"

	"github.com/ebb-node/ebb/eci"
)

// DNS policies of the API.
// https://help.aliyun.com/zh/eci/developer-reference/api-eci-2018-08-08-createcontainergroup
const (
	dnsNone    = "None"
	dnsDefault = "Default"
)

// Limits of a resolver configuration that Kubernetes keeps to.
// https://kubernetes.io/docs/concepts/services-networking/dns-pod-service/#pod-dns-config
const (
	maxNameServers = 3
	maxSearches    = 32
)

// clusterNDots is what a kubelet writes for the cluster's DNS.
const clusterNDots = "5"

// dns translates the DNS policy. ECI has no ClusterFirst: it becomes None with
// what a kubelet would write into resolv.conf.
func (t *translator) dns() {
	policy := t.pod.Spec.DNSPolicy
	switch policy {
	case corev1.DNSNone:
		t.request.DNSPolicy = dnsNone
	case corev1.DNSDefault:
		t.request.DNSPolicy = dnsDefault
	case corev1.DNSClusterFirst, corev1.DNSClusterFirstWithHostNet, "":
		t.clusterDNS()
	default:
		t.refuse("spec.dnsPolicy", fmt.Sprintf("%q is not known", policy), "")
	}
	t.podDNS()
	t.customDNS(policy)
	t.checkCount("spec.dnsConfig.nameservers", len(t.request.DNS.NameServers), maxNameServers, "name servers")
	t.checkCount("spec.dnsConfig.searches", len(t.request.DNS.Searches), maxSearches, "search domains")
}

// clusterDNS is the cluster's resolver; without one the pod gets the cloud's.
func (t *translator) clusterDNS() {
	if len(t.config.ClusterDNS) == 0 {
		t.request.DNSPolicy = dnsDefault
		t.warn(ReasonMissingClusterDNS, "the node does not know the cluster's DNS service; the pod uses the cloud's resolver")
		return
	}
	domain := t.config.ClusterDomain
	t.request.DNSPolicy = dnsNone
	t.request.DNS = eci.DNSConfig{
		NameServers: slices.Clone(t.config.ClusterDNS),
		Options:     []eci.KeyValue{{Key: "ndots", Value: clusterNDots}},
	}
	if domain != "" {
		t.request.DNS.Searches = []string{t.pod.Namespace + ".svc." + domain, "svc." + domain, domain}
	}
}

// podDNS merges the pod's own configuration as a kubelet does: servers and
// searches are added, options replace those of the same name.
func (t *translator) podDNS() {
	config := t.pod.Spec.DNSConfig
	if config == nil {
		return
	}
	t.addDNS(config.Nameservers, config.Searches)
	for _, o := range config.Options {
		value := ""
		if o.Value != nil {
			value = *o.Value
		}
		t.setDNSOption(o.Name, value)
	}
}

func (t *translator) addDNS(servers, searches []string) {
	t.request.DNS.NameServers = appendNew(t.request.DNS.NameServers, servers)
	t.request.DNS.Searches = appendNew(t.request.DNS.Searches, searches)
}

func appendNew(list, more []string) []string {
	for _, item := range more {
		if !slices.Contains(list, item) {
			list = append(list, item)
		}
	}
	return list
}

func (t *translator) setDNSOption(name, value string) {
	for i := range t.request.DNS.Options {
		if t.request.DNS.Options[i].Key == name {
			t.request.DNS.Options[i].Value = value
			return
		}
	}
	t.request.DNS.Options = append(t.request.DNS.Options, eci.KeyValue{Key: name, Value: value})
}

// maxCustomNameServers: more are documented to be ignored.
// https://help.aliyun.com/document_detail/144561.html
const maxCustomNameServers = 2

// customDNS adds the annotation's configuration, which is meant for pods that
// use the cloud's resolver.
func (t *translator) customDNS(policy corev1.DNSPolicy) {
	v := t.value(keyCustomDNS)
	if v == "" {
		return
	}
	if policy != corev1.DNSDefault {
		t.ignore("dnsPolicy is not Default; use spec.dnsConfig", keyCustomDNS)
		return
	}
	var config struct{ Nameservers, Searches, Options string }
	if err := json.Unmarshal([]byte(v), &config); err != nil {
		t.refuse(field(keyCustomDNS), "is not a JSON object of strings", `for example {"nameservers":"1.1.1.1","searches":"a.b","options":"ndots:2"}`)
		return
	}
	servers := splitList(config.Nameservers)
	if len(servers) > maxCustomNameServers {
		t.warn(ReasonAnnotationIgnored, fmt.Sprintf("%s: only the first %d name servers are used", field(keyCustomDNS), maxCustomNameServers))
		servers = servers[:maxCustomNameServers]
	}
	t.addDNS(servers, splitList(config.Searches))
	for _, option := range splitList(config.Options) {
		name, value, _ := strings.Cut(option, ":")
		t.setDNSOption(name, value)
	}
}
