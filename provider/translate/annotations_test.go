package translate

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	corev1 "k8s.io/api/core/v1"

	"github.com/ebb-node/ebb/eci"
)

func TestAnnotations(t *testing.T) {
	ignored := []string{ReasonAnnotationIgnored}
	host := func(name, ip string) eci.HostAlias { return eci.HostAlias{IP: ip, Hostnames: []string{name}} }
	check(t, map[string]rule{
		"schedule strategy":        {pod: annotated("eci-schedule-strategy", "vSwitchOrdered"), want: extra("ScheduleStrategy", "VSwitchOrdered")},
		"compute category":         {pod: annotated("eci-compute-category", "economy, general"), want: extra("ComputeCategory.1", "economy", "ComputeCategory.2", "general")},
		"CPU cores":                {pod: annotated("eci-cpu-option-core", "2"), want: extra("CpuOptionsCore", "2")},
		"hyper-threading":          {pod: annotated("eci-cpu-option-ht", "1"), want: extra("CpuOptionsThreadsPerCore", "1")},
		"GPU driver":               {pod: annotated("eci-gpu-driver-version", "tesla=525.85.12"), want: extra("GpuDriverVersion", "tesla=525.85.12")},
		"max pending":              {pod: annotated("eci-max-pending-minute", "60"), want: extra("MaxPendingMinute", "60")},
		"plain HTTP registry":      {pod: annotated("plain-http-registry", "a:5000,b"), want: extra("PlainHttpRegistry", "a:5000,b")},
		"insecure registry":        {pod: annotated("insecure-registry", "a:5000"), want: extra("InsecureRegistry", "a:5000")},
		"data cache":               {pod: annotated("eci-data-cache-bucket", "b", "eci-data-cache-pl", "PL1", "eci-data-cache-provisionedIops", "40000", "eci-data-cache-burstingEnabled", "TRUE"), want: extra("DataCacheBucket", "b", "DataCachePL", "PL1", "DataCacheProvisionedIops", "40000", "DataCacheBurstingEnabled", "true")},
		"fixed address":            {pod: annotated("eci-private-ip-address", "10.0.0.7"), want: extra("PrivateIpAddress", "10.0.0.7")},
		"kept address":             {pod: annotated(keyFixedIP, "true", keyFixedIPRetainHour, "24"), want: extra("FixedIp", "true", "FixedIpRetainHour", "24")},
		"kept address off":         {pod: annotated(keyFixedIP, "false")},
		"hours of no address":      {pod: annotated(keyFixedIPRetainHour, "24"), warnings: ignored},
		"NTP":                      {pod: annotated("eci-ntp-server", "100.100.5.1,100.100.5.2"), want: extra("NtpServer.1", "100.100.5.1", "NtpServer.2", "100.100.5.2")},
		"image cache":              {pod: annotated(keyAutoImageCache, "true"), want: extra("AutoMatchImageCache", "true")},
		"image cache, old":         {pod: annotated(keyAutoImageCacheOld, "true"), want: extra("AutoMatchImageCache", "true")},
		"image cache off":          {pod: annotated(keyAutoImageCache, "false", keyAutoImageCacheOld, "true")},
		"image cache by id":        {pod: annotated(keyImageCacheID, "imc-1"), want: extra("ImageSnapshotId", "imc-1")},
		"image cache by old id":    {pod: annotated(keyImageSnapshotID, "imc-2"), want: extra("ImageSnapshotId", "imc-2")},
		"ACR":                      {pod: annotated(keyACRInstanceIDs, "cri-a,cn-beijing:cri-b"), want: extra("AcrRegistryInfo.1.InstanceId", "cri-a", "AcrRegistryInfo.2.RegionId", "cn-beijing", "AcrRegistryInfo.2.InstanceId", "cri-b")},
		"ACR, old":                 {pod: annotated(keyACRInstanceIDOld, "cri-a"), want: extra("AcrRegistryInfo.1.InstanceId", "cri-a")},
		"ACR with one ARN":         {pod: annotated(keyACRInstanceIDs, "cri-a,cri-b", keyACRServiceARNs, "s", keyACRUserARNs, "u"), want: extra("AcrRegistryInfo.1.InstanceId", "cri-a", "AcrRegistryInfo.1.ArnService", "s", "AcrRegistryInfo.1.ArnUser", "u", "AcrRegistryInfo.2.InstanceId", "cri-b", "AcrRegistryInfo.2.ArnService", "s", "AcrRegistryInfo.2.ArnUser", "u")},
		"ACR with an ARN each":     {pod: annotated(keyACRInstanceIDs, "cri-a,cri-b", keyACRServiceARNs, "s,t"), want: extra("AcrRegistryInfo.1.InstanceId", "cri-a", "AcrRegistryInfo.1.ArnService", "s", "AcrRegistryInfo.2.InstanceId", "cri-b", "AcrRegistryInfo.2.ArnService", "t")},
		"ARN of nothing":           {pod: annotated(keyACRUserARNs, "u"), warnings: ignored},
		"EIP":                      {pod: annotated(keyEIPInstanceID, "eip-1"), want: extra("EipInstanceId", "eip-1")},
		"new EIP":                  {pod: annotated(keyWithEIP, "true", keyEIPBandwidth, "5", keyEIPPackage, "cbwp-1", keyEIPISP, "bgp_pro"), want: extra("AutoCreateEip", "true", "EipBandwidth", "5", "EipCommonBandwidthPackage", "cbwp-1", "EipISP", "BGP_PRO")},
		"new EIP, old package key": {pod: annotated(keyWithEIP, "true", keyEIPPackageOld, "cbwp-1"), want: extra("AutoCreateEip", "true", "EipCommonBandwidthPackage", "cbwp-1")},
		"new EIP wins":             {pod: annotated(keyWithEIP, "true", keyEIPInstanceID, "eip-1"), want: extra("AutoCreateEip", "true"), warnings: ignored},
		"bandwidth of no EIP":      {pod: annotated(keyEIPBandwidth, "5"), warnings: ignored},
		"IPv6":                     {pod: annotated(keyEnableIPv6, "true"), want: extra("Ipv6AddressCount", "1")},
		"IPv6, old":                {pod: annotated(keyIPv6Count, "1"), want: extra("Ipv6AddressCount", "1")},
		"no IPv6, old":             {pod: annotated(keyIPv6Count, "0")},
		"public IPv6":              {pod: annotated(keyEnableIPv6, "true", keyIPv6Public, "true", keyIPv6Bandwidth, "100M"), want: extra("Ipv6AddressCount", "1", "Ipv6GatewayBandwidthEnable", "true", "Ipv6GatewayBandwidth", "100")},
		"bandwidth of no IPv6":     {pod: annotated(keyIPv6Bandwidth, "100M"), warnings: ignored},
		"log collection off":       {pod: annotated(keySLSEnable, "false"), want: extra("SlsEnable", "false")},
		"log collection on":        {pod: annotated(keySLSEnable, "true")},
		"core pattern":             {pod: annotated(keyCorePattern, "/data/core"), want: extra("CorePattern", "/data/core")},
		"host sysctls":             {pod: annotated(keyHostSysctls, `[{"name":"kernel.shmmax","value":"65536"}]`), want: func(r *eci.CreateRequest) { r.HostSysctls = []eci.KeyValue{{Key: "kernel.shmmax", Value: "65536"}} }},
		"custom hosts":             {pod: annotated(keyCustomHosts, `[{"host":"h","ip":"1.2.3.4"}]`), want: func(r *eci.CreateRequest) { r.HostAliases = []eci.HostAlias{host("h", "1.2.3.4")} }, warnings: ignored},
		"tags": {pod: annotated(keyCustomTags, "a:1, b:x:y ,c:"), want: func(r *eci.CreateRequest) {
			r.Tags = []eci.KeyValue{{Key: "a", Value: "1"}, {Key: "b", Value: "x:y"}, {Key: "c"}}
		}},
		"perfect match":             {pod: annotated("imc-perfect-match", "true"), warnings: ignored},
		"match count":               {pod: annotated("imc-match-count-request", "2"), warnings: ignored},
		"GPU type":                  {pod: annotated("eci-gpu-type", "P4"), warnings: ignored},
		"kube-proxy":                {pod: annotated("eci-kube-proxy-enabled", "true"), warnings: ignored},
		"eviction":                  {pod: annotated("eci-eviction-enable", "true"), warnings: ignored},
		"eviction off":              {pod: annotated("eci-eviction-enable", "false")},
		"network policy":            {pod: annotated("eci-network-policy-enable", "true"), warnings: ignored},
		"storage not encrypted":     {pod: annotated(keyStorageOptions, `{"encrypted":"false"}`)},
		"family beside types":       {pod: annotated(keyUseSpecs, "ecs.c6.large", keyInstanceFamily, "ecs.c6", keyInstanceGeneration, "6"), want: func(r *eci.CreateRequest) { r.CPU, r.Memory, r.InstanceTypes = 0, 0, []string{"ecs.c6.large"} }, warnings: []string{ReasonAnnotationIgnored, ReasonAnnotationIgnored}},
		"unknown":                   {pod: annotated("eci-use-spec", "2-4Gi"), warnings: []string{ReasonUnknownAnnotation}},
		"somebody else's":           {pod: annotated("pod-with-eip", "true")},
		"written back":              {pod: annotated("eci-instance-id", "eci-1", "eci-instance-cpu", "2.000")},
		"empty ones are not there":  {pod: annotated(keyVSwitch, "", keyUseSpecs, " ", keyWithEIP, "")},
		"blanks around don't count": {pod: annotated("eci-cpu-option-core", " 2 "), want: extra("CpuOptionsCore", "2")},
	})
}

func TestAnnotationsRefused(t *testing.T) {
	many := strings.Repeat("x,", 21)
	for _, tc := range []struct {
		key   string
		value string
		more  []string
	}{
		{key: keyVSwitch, value: "1,2,3,4,5,6,7,8,9,10,11"},
		{key: keySecurityGroup, value: "1,2,3,4,5,6"},
		{key: "eci-schedule-strategy", value: "Random"},
		{key: "eci-compute-category", value: "general,cheap"},
		{key: "eci-cpu-option-core", value: "two"},
		{key: "eci-cpu-option-ht", value: "3"},
		{key: "eci-max-pending-minute", value: "9"},
		{key: "eci-max-pending-minute", value: "1441"},
		{key: "eci-data-cache-provisionedIops", value: "50001"},
		{key: "eci-data-cache-burstingEnabled", value: "on"},
		{key: "eci-private-ip-address", value: "10.0.0"},
		{key: "eci-private-ip-address", value: "::1"},
		{key: keyFixedIP, value: "yes"},
		{key: keyFixedIPRetainHour, value: "0", more: []string{keyFixedIP, "true"}},
		{key: keyAutoImageCache, value: "1"},
		{key: keyACRInstanceIDs, value: many},
		{key: keyACRServiceARNs, value: "a,b", more: []string{keyACRInstanceIDs, "x,y,z"}},
		{key: keyWithEIP, value: "1"},
		{key: keyEIPBandwidth, value: "5M", more: []string{keyWithEIP, "true"}},
		{key: keyEIPISP, value: "DSL", more: []string{keyWithEIP, "true"}},
		{key: "eip-internet-charge-type", value: "PayByTraffic"},
		{key: "eip-public-ip-address-pool-id", value: "pippool-1"},
		{key: keyEnableIPv6, value: "1"},
		{key: keyIPv6Count, value: "2"},
		{key: keyIPv6Bandwidth, value: "1G", more: []string{keyIPv6Public, "true"}},
		{key: "eci-privatepool-matchcriteria", value: "Open"},
		{key: "eci-privatepool-id", value: "eap-1"},
		{key: keyInstanceFamily, value: "ecs.c6"},
		{key: keyInstanceGeneration, value: "6", more: []string{keyUseSpecs, "2-4Gi,ecs.c6.large"}},
		{key: keyStorageOptions, value: `{"encrypted":"true"}`},
		{key: keyStorageOptions, value: `{"other":"x"}`},
		{key: keyStorageOptions, value: `encrypted`},
		{key: keyCorePattern, value: "|/bin/sh"},
		{key: keyHostSysctls, value: `{"kernel.shmmax":"1"}`},
		{key: keyHostSysctls, value: `[{"name":"kernel.shmmax"}]`},
		{key: keySLSEnable, value: "off"},
		{key: keyCustomHosts, value: `{"h":"1.2.3.4"}`},
		{key: keyCustomHosts, value: `[{"host":"h"}]`},
		{key: keyCustomTags, value: ":x"},
		{key: keyCustomTags, value: "a:1,a:2"},
		{key: keyCustomTags, value: "aliyun-x:1"},
		{key: keyCustomTags, value: "acs:x"},
		{key: keyCustomTags, value: "http://x:1,b:2"},
		{key: keyCustomTags, value: strings.Repeat("k", 65) + ":1"},
		{key: keyCustomTags, value: "k:" + strings.Repeat("v", 129)},
	} {
		t.Run(tc.key+"="+tc.value, func(t *testing.T) {
			rule{pod: annotated(append(tc.more, tc.key, tc.value)...), refused: []string{field(tc.key)}}.check(t)
		})
	}
}

func TestTooManyTags(t *testing.T) {
	var items []string
	for i := range maxTags - 1 {
		items = append(items, string(rune('a'+i))+":1")
	}
	config := Config{Tags: []eci.KeyValue{{Key: "ebb-uid"}, {Key: "ebb-node"}}}
	rule{config: config, pod: annotated(keyCustomTags, strings.Join(items, ",")), refused: []string{field(keyCustomTags)}}.check(t)
}

// Every key of the documented annotations is either known or somebody else's.
func TestKnownKeysAreComplete(t *testing.T) {
	for _, key := range []string{
		"eci-vswitch", "eci-schedule-strategy", "eci-security-group", "eci-resource-group-id", "eci-custom-tags", "eci-use-specs",
		"eci-instance-type", "eci-instance-family", "eci-instance-generation", "eci-compute-category", "eci-cpu-option-core",
		"eci-cpu-option-ht", "eci-gpu-driver-version", "eci-gpu-type", "eci-privatepool-matchcriteria", "eci-privatepool-id",
		"eci-spot-strategy", "eci-spot-price-limit", "eci-spot-duration", "eci-spot-fallback", "eci-spot-release-strategy",
		"eci-fail-strategy", "pod-fail-on-create-err", "eci-reschedule-enable", "eci-max-pending-minute", "eci-auto-imc",
		"eci-image-cache", "eci-imc-id", "eci-image-snapshot-id", "imc-perfect-match", "imc-match-count-request", "acr-instance-ids",
		"acr-instance-id", "acr-service-arns", "acr-user-arns", "plain-http-registry", "insecure-registry", "eci-data-cache-bucket",
		"eci-data-cache-pl", "eci-data-cache-provisionedIops", "eci-data-cache-burstingEnabled", "eci-eip-instanceid", "eci-with-eip",
		"eip-bandwidth", "eip-common-bandwidth-package-id", "eip-isp", "eip-internet-charge-type", "eip-public-ip-address-pool-id",
		"eci-enable-ipv6", "eci-ipv6-count", "eci-ipv6-bandwidth-enable", "eci-ipv6-bandwidth", "eci-private-ip-address",
		"eci-fixed-ip", "eci-fixed-ip-retain-hour", "ingress-bandwidth", "egress-bandwidth", "eci-custom-dnsconfig", "eci-custom-hosts",
		"eci-kube-proxy-enabled", "eci-network-policy-enable", "eci-extra-ephemeral-storage", "eci-ephemeral-storage-options",
		"eci-eviction-enable", "eci-set-diskvolume", "eci-ram-role-name", "eci-ntp-server", "eci-sls-enable", "eci-core-pattern",
		"eci-host-sysctls", "eci-request-id", "eci-instance-id", "eci-instance-spec", "eci-instance-cpu", "eci-instance-mem",
		"eci-instance-zone", "eci-instance-compute-category", "eci-vpc", "eci-matched-image-cache", "eci-created-by-template",
		"eci-schedule-result", "eci-client-token", "eci-drop-apiserver-interactive-caps",
	} {
		if !knownKeys[key] {
			t.Errorf("%s is not known", key)
		}
	}
}

func TestBandwidth(t *testing.T) {
	for in, want := range map[string]int64{
		"40M": 40e6, "1": 1, "100B": 100, "2K": 2e3, "2KB": 2e3, "3MB": 3e6, "1G": 1e9, "1GB": 1e9, "1T": 1e12, "1TB": 1e12, "1.5M": 1.5e6, "2 M": 2e6,
	} {
		if got, err := parseBandwidth(in); err != nil || got != want {
			t.Errorf("%q: %d, %v; want %d", in, got, err, want)
		}
	}
	for _, in := range []string{"", "M", "0", "-1M", "0.1", "40m", "40Mi", "1e400", "NaN", "Inf", "9999999T"} {
		if got, err := parseBandwidth(in); err == nil {
			t.Errorf("%q gives %d", in, got)
		}
	}
	standard := func(p *corev1.Pod) {
		p.Annotations = map[string]string{standardPrefix + keyIngressBandwidth: "40M", Prefix + keyIngressBandwidth: "1M", Prefix + keyEgressBandwidth: "5M"}
	}
	rule{pod: standard, want: extra("IngressBandwidth", "320000000", "EgressBandwidth", "40000000")}.check(t)
	bad := func(p *corev1.Pod) { p.Annotations = map[string]string{standardPrefix + keyEgressBandwidth: "fast"} }
	rule{pod: bad, refused: []string{"metadata.annotations[kubernetes.io/egress-bandwidth]"}}.check(t)
}

func FuzzBandwidth(f *testing.F) {
	f.Add("40M")
	f.Add("1e308TB")
	f.Fuzz(func(t *testing.T, in string) {
		if got, err := parseBandwidth(in); err == nil && (got < 1 || got*8 < 8) {
			t.Errorf("%q gives %d", in, got)
		}
	})
}

func FuzzTags(f *testing.F) {
	f.Add("a:1,b:2")
	f.Add("aliyun:x")
	f.Fuzz(func(t *testing.T, in string) {
		tags, err := parseTags(in)
		if err != nil {
			return
		}
		seen := map[string]bool{}
		for _, tag := range tags {
			if tag.Key == "" || seen[tag.Key] || strings.HasPrefix(strings.ToLower(tag.Key), "aliyun") {
				t.Errorf("%q gives %v", in, tags)
			}
			seen[tag.Key] = true
		}
	})
}

func FuzzJSONAnnotations(f *testing.F) {
	f.Add(`[{"name":"a","value":"b"}]`)
	f.Add(`[{"host":"h","ip":"1.2.3.4"}]`)
	f.Add(`{"nameservers":"1.1.1.1"}`)
	f.Fuzz(func(t *testing.T, in string) {
		pod := coffeePod()
		annotated(keyHostSysctls, in, keyCustomHosts, in, keyCustomDNS, in, keyStorageOptions, in, keyDiskVolume, in)(pod)
		plan, err := Translate(pod, resolvedOf(pod), Config{})
		if (plan == nil) == (err == nil) {
			t.Errorf("%q: plan %v and error %v", in, plan, err)
		}
		fields(t, err)
	})
}

func TestSplitList(t *testing.T) {
	for in, want := range map[string][]string{"": nil, ",": nil, " a , b,,c ": {"a", "b", "c"}, "a": {"a"}} {
		if d := cmp.Diff(want, splitList(in)); d != "" {
			t.Errorf("%q (-want +got):\n%s", in, d)
		}
	}
}
