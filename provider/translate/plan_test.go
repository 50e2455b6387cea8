package translate

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	corev1 "k8s.io/api/core/v1"

	"github.com/ebb-node/ebb/eci"
)

func TestSmallestPod(t *testing.T) { rule{}.check(t) }

func TestPodSpec(t *testing.T) {
	check(t, map[string]rule{
		"restart policy": {
			pod:  func(p *corev1.Pod) { p.Spec.RestartPolicy = corev1.RestartPolicyNever },
			want: func(r *eci.CreateRequest) { r.RestartPolicy = "Never" },
		},
		"grace period": {
			pod:  func(p *corev1.Pod) { p.Spec.TerminationGracePeriodSeconds = ptr[int64](300) },
			want: func(r *eci.CreateRequest) { r.TerminationGracePeriod = ptr[int64](300) },
		},
		"no grace period": {
			pod:  func(p *corev1.Pod) { p.Spec.TerminationGracePeriodSeconds = ptr[int64](0) },
			want: func(r *eci.CreateRequest) { r.TerminationGracePeriod = ptr[int64](0) },
		},
		"active deadline": {
			pod:  func(p *corev1.Pod) { p.Spec.ActiveDeadlineSeconds = ptr[int64](60) },
			want: func(r *eci.CreateRequest) { r.ActiveDeadline = ptr[int64](60) },
		},
		"shared processes": {
			pod:  func(p *corev1.Pod) { p.Spec.ShareProcessNamespace = ptr(true) },
			want: func(r *eci.CreateRequest) { r.ShareProcessNamespace = true },
		},
		"arm": {
			pod:  func(p *corev1.Pod) { p.Spec.NodeSelector = map[string]string{architectureLabel: "arm64"} },
			want: extra("CpuArchitecture", "ARM64"),
		},
		"arm node": {config: Config{Architecture: "arm64"}, want: extra("CpuArchitecture", "ARM64")},
		"amd node": {config: Config{Architecture: "amd64"}},
		"amd on an arm node": {
			config: Config{Architecture: "arm64"},
			pod:    func(p *corev1.Pod) { p.Spec.NodeSelector = map[string]string{architectureLabel: "amd64"} },
		},
		"amd":  {pod: func(p *corev1.Pod) { p.Spec.NodeSelector = map[string]string{architectureLabel: "amd64"} }},
		"s390": {pod: func(p *corev1.Pod) { p.Spec.NodeSelector = map[string]string{architectureLabel: "s390x"} }, refused: []string{"spec.nodeSelector[kubernetes.io/arch]"}},
		"all that needs a host, at once": {
			pod:     func(p *corev1.Pod) { p.Spec.HostNetwork, p.Spec.HostPID, p.Spec.HostIPC = true, true, true },
			refused: []string{"spec.hostNetwork", "spec.hostPID", "spec.hostIPC"},
		},
		"linux":   {pod: func(p *corev1.Pod) { p.Spec.OS = &corev1.PodOS{Name: corev1.Linux} }},
		"windows": {pod: func(p *corev1.Pod) { p.Spec.OS = &corev1.PodOS{Name: corev1.Windows} }, refused: []string{"spec.os.name"}},
		"resource claims": {
			pod:     func(p *corev1.Pod) { p.Spec.ResourceClaims = []corev1.PodResourceClaim{{Name: "gpu"}} },
			refused: []string{"spec.resourceClaims"},
		},
		"runtime class":        {pod: func(p *corev1.Pod) { p.Spec.RuntimeClassName = ptr("kata") }, warnings: []string{ReasonFieldIgnored}},
		"ephemeral containers": {pod: func(p *corev1.Pod) { p.Spec.EphemeralContainers = []corev1.EphemeralContainer{{}} }, warnings: []string{ReasonFieldIgnored}},
	})
}

func TestNodeDefaults(t *testing.T) {
	config := Config{
		ZoneID: "z", VSwitchIDs: []string{"vsw-n"}, SecurityGroupID: "sg-n", ResourceGroupID: "rg-n", RAMRoleName: "role-n",
		Tags: []eci.KeyValue{{Key: "ebb-uid", Value: "uid-1"}},
	}
	tag := func(r *eci.CreateRequest) { r.Tags = config.Tags }
	check(t, map[string]rule{
		"are used": {config: config, want: both(tag, func(r *eci.CreateRequest) {
			r.ZoneID, r.VSwitchIDs, r.SecurityGroupID, r.ResourceGroupID, r.RAMRoleName = "z", []string{"vsw-n"}, "sg-n", "rg-n", "role-n"
		})},
		"are replaced, not added to": {
			config: config,
			pod: annotated(keyVSwitch, "vsw-a, vsw-b,", keySecurityGroup, "sg-a , sg-b", keyResourceGroup, "rg-a",
				keyRAMRole, "role-a", keyCustomTags, "team:bar"),
			want: func(r *eci.CreateRequest) {
				r.VSwitchIDs, r.SecurityGroupID, r.ResourceGroupID, r.RAMRoleName = []string{"vsw-a", "vsw-b"}, "sg-a,sg-b", "rg-a", "role-a"
				r.Tags = []eci.KeyValue{{Key: "ebb-uid", Value: "uid-1"}, {Key: "team", Value: "bar"}}
			},
		},
		"own tags are protected": {config: config, pod: annotated(keyCustomTags, "ebb-uid:x"), refused: []string{field(keyCustomTags)}},
	})
}

func TestGroupName(t *testing.T) {
	long := ""
	for range 253 {
		long += "x"
	}
	for _, tc := range []struct{ ns, name, want string }{
		{"shop", "coffee", "shop-coffee-4a49acf8a6"},
		{"shop", "a.b", "shop-a-b-4a49acf8a6"},
		{"shop", "Ünï", "shop--n-4a49acf8a6"},
		{"", "", "pod-4a49acf8a6"},
	} {
		pod := coffeePod()
		pod.Namespace, pod.Name = tc.ns, tc.name
		if got := GroupName(pod); got != tc.want {
			t.Errorf("%s/%s: %q, want %q", tc.ns, tc.name, got, tc.want)
		}
	}
	pod := coffeePod()
	pod.Name = long
	if got := GroupName(pod); len(got) != maxNameLength {
		t.Errorf("a long name gives %d characters", len(got))
	}
	other := coffeePod()
	other.UID = "uid-2"
	if GroupName(coffeePod()) == GroupName(other) {
		t.Error("two pods of one name have groups of one name")
	}
}

func TestSamePodSamePlan(t *testing.T) {
	pod := coffeePod()
	annotated(keyCustomTags, "a:1,b:2", keyUseSpecs, "2-4Gi,ecs.c6.large", "eci-unknown", "x", "eci-other", "y")(pod)
	one, err := Translate(pod, resolvedOf(pod), Config{})
	if err != nil {
		t.Fatal(err)
	}
	for range 20 {
		two, err := Translate(pod, resolvedOf(pod), Config{})
		if err != nil {
			t.Fatal(err)
		}
		if d := cmp.Diff(one, two); d != "" {
			t.Fatalf("(-one +two):\n%s", d)
		}
	}
}
