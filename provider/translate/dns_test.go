package translate

import (
	"strings"
	"testing"

	corev1 "k8s.io/api/core/v1"

	"github.com/ebb-node/ebb/eci"
)

func TestDNS(t *testing.T) {
	cluster := Config{ClusterDNS: []string{"172.16.0.10"}, ClusterDomain: "cluster.local"}
	policy := func(p corev1.DNSPolicy) func(*corev1.Pod) {
		return func(pod *corev1.Pod) { pod.Spec.DNSPolicy = p }
	}
	config := func(c corev1.PodDNSConfig) func(*corev1.Pod) {
		return func(pod *corev1.Pod) { pod.Spec.DNSConfig = &c }
	}
	want := func(policy string, c eci.DNSConfig) func(*eci.CreateRequest) {
		return func(r *eci.CreateRequest) { r.DNSPolicy, r.DNS = policy, c }
	}
	first := eci.DNSConfig{
		NameServers: []string{"172.16.0.10"},
		Searches:    []string{"shop.svc.cluster.local", "svc.cluster.local", "cluster.local"},
		Options:     []eci.KeyValue{{Key: "ndots", Value: "5"}},
	}
	merged := eci.DNSConfig{
		NameServers: []string{"172.16.0.10", "1.1.1.1"},
		Searches:    []string{"shop.svc.cluster.local", "svc.cluster.local", "cluster.local", "corp"},
		Options:     []eci.KeyValue{{Key: "ndots", Value: "2"}, {Key: "edns0"}},
	}
	extra := corev1.PodDNSConfig{Nameservers: []string{"1.1.1.1", "172.16.0.10"}, Searches: []string{"corp", "cluster.local"},
		Options: []corev1.PodDNSConfigOption{{Name: "ndots", Value: ptr("2")}, {Name: "edns0"}}}
	custom := `{"nameservers":"1.1.1.1, 2.2.2.2","searches":"a.b,c.d","options":"ndots:2,edns0"}`
	customWant := eci.DNSConfig{NameServers: []string{"1.1.1.1", "2.2.2.2"}, Searches: []string{"a.b", "c.d"}, Options: []eci.KeyValue{{Key: "ndots", Value: "2"}, {Key: "edns0"}}}
	manySearches := strings.Split(numbers(33), ",")
	check(t, map[string]rule{
		"cluster first":                     {config: cluster, pod: policy("ClusterFirst"), want: want("None", first)},
		"cluster first by default":          {config: cluster, pod: policy(""), want: want("None", first)},
		"cluster first with host net":       {config: cluster, pod: policy("ClusterFirstWithHostNet"), want: want("None", first)},
		"no domain":                         {config: Config{ClusterDNS: []string{"172.16.0.10"}}, pod: policy("ClusterFirst"), want: want("None", eci.DNSConfig{NameServers: first.NameServers, Options: first.Options})},
		"no cluster DNS":                    {pod: policy("ClusterFirst"), want: want("Default", eci.DNSConfig{}), warnings: []string{ReasonMissingClusterDNS}},
		"the cloud's":                       {config: cluster, pod: policy("Default"), want: want("Default", eci.DNSConfig{})},
		"merged":                            {config: cluster, pod: both(policy("ClusterFirst"), config(extra)), want: want("None", merged)},
		"own":                               {config: cluster, pod: both(policy("None"), config(corev1.PodDNSConfig{Nameservers: []string{"1.1.1.1"}})), want: want("None", eci.DNSConfig{NameServers: []string{"1.1.1.1"}})},
		"the cloud's and own":               {pod: both(policy("Default"), config(corev1.PodDNSConfig{Searches: []string{"corp"}})), want: want("Default", eci.DNSConfig{Searches: []string{"corp"}})},
		"annotation":                        {pod: annotated(keyCustomDNS, custom), want: want("Default", customWant)},
		"annotation with three servers":     {pod: annotated(keyCustomDNS, `{"nameservers":"1.1.1.1,2.2.2.2,3.3.3.3"}`), want: want("Default", eci.DNSConfig{NameServers: []string{"1.1.1.1", "2.2.2.2"}}), warnings: []string{ReasonAnnotationIgnored}},
		"annotation beside cluster's":       {config: cluster, pod: both(policy("ClusterFirst"), annotated(keyCustomDNS, custom)), want: want("None", first), warnings: []string{ReasonAnnotationIgnored}},
		"annotation malformed":              {pod: annotated(keyCustomDNS, `{"nameservers":["1.1.1.1"]}`), refused: []string{field(keyCustomDNS)}},
		"unknown policy":                    {pod: policy("Random"), refused: []string{"spec.dnsPolicy"}},
		"four servers":                      {pod: both(policy("None"), config(corev1.PodDNSConfig{Nameservers: []string{"1", "2", "3", "4"}})), refused: []string{"spec.dnsConfig.nameservers"}},
		"33 search domains":                 {pod: both(policy("None"), config(corev1.PodDNSConfig{Searches: manySearches})), refused: []string{"spec.dnsConfig.searches"}},
		"search domains of the cluster too": {config: cluster, pod: both(policy("ClusterFirst"), config(corev1.PodDNSConfig{Searches: manySearches[:30]})), refused: []string{"spec.dnsConfig.searches"}},
	})
}

func numbers(n int) string {
	var b strings.Builder
	for i := range n {
		if i > 0 {
			b.WriteByte(',')
		}
		b.WriteString(strings.Repeat("s", i+1))
	}
	return b.String()
}

func TestHosts(t *testing.T) {
	long := strings.Repeat("x", 62) + "-tail"
	host := func(name string) func(*eci.CreateRequest) {
		return func(r *eci.CreateRequest) { r.HostName = name }
	}
	check(t, map[string]rule{
		"host name":          {pod: func(p *corev1.Pod) { p.Spec.Hostname = "web-0" }, want: host("web-0")},
		"subdomain":          {pod: func(p *corev1.Pod) { p.Spec.Hostname, p.Spec.Subdomain = "web-0", "web" }, want: host("web-0")},
		"as FQDN":            {config: Config{ClusterDomain: "c.l"}, pod: func(p *corev1.Pod) { p.Spec.Subdomain, p.Spec.SetHostnameAsFQDN = "web", ptr(true) }, want: host("coffee.web.shop.svc.c.l")},
		"as FQDN, but none":  {pod: func(p *corev1.Pod) { p.Spec.SetHostnameAsFQDN = ptr(true) }},
		"as FQDN, too long":  {config: Config{ClusterDomain: "cluster.local"}, pod: func(p *corev1.Pod) { p.Spec.Subdomain, p.Spec.SetHostnameAsFQDN = strings.Repeat("w", 50), ptr(true) }, refused: []string{"spec.setHostnameAsFQDN"}},
		"override":           {pod: func(p *corev1.Pod) { p.Spec.HostnameOverride = ptr("me.example") }, want: host("me.example")},
		"a long name is cut": {pod: func(p *corev1.Pod) { p.Name = long }, want: func(r *eci.CreateRequest) { r.HostName, r.Name = long[:62], "shop-"+long+"-4a49acf8a6" }},
		"aliases": {
			pod: func(p *corev1.Pod) {
				p.Spec.HostAliases = []corev1.HostAlias{{IP: "1.2.3.4", Hostnames: []string{"a", "b"}}}
			},
			want: func(r *eci.CreateRequest) {
				r.HostAliases = []eci.HostAlias{{IP: "1.2.3.4", Hostnames: []string{"a", "b"}}}
			},
		},
	})
}
