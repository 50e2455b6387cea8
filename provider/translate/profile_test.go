package translate

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

const selectors = `[
  {"name":"spot","objectSelector":{"matchLabels":{"cheap":"yes"}},"effect":{"annotations":{"k8s.aliyun.com/eci-spot-strategy":"SpotAsPriceGo","k8s.aliyun.com/eci-use-specs":"2-4Gi"}}},
  {"name":"team","namespaceSelector":{"matchLabels":{"team":"bar"}},"objectSelector":{"matchLabels":{"app":"coffee"}},"effect":{"annotations":{"k8s.aliyun.com/eci-use-specs":"4-8Gi"},"labels":{"billed-to":"bar"}}},
  {"name":"nobody","effect":{"annotations":{"k8s.aliyun.com/eci-use-specs":"64-512Gi"}}}
]`

func TestParseProfile(t *testing.T) {
	spot := Selector{Name: "spot", Pod: map[string]string{"cheap": "yes"}, Annotations: map[string]string{Prefix + "eci-spot-strategy": "SpotAsPriceGo", Prefix + "eci-use-specs": "2-4Gi"}}
	team := Selector{Name: "team", Namespace: map[string]string{"team": "bar"}, Pod: map[string]string{"app": "coffee"}, Annotations: map[string]string{Prefix + "eci-use-specs": "4-8Gi"}, Labels: map[string]string{"billed-to": "bar"}}
	nobody := Selector{Name: "nobody", Annotations: map[string]string{Prefix + "eci-use-specs": "64-512Gi"}}
	for name, tc := range map[string]struct {
		data map[string]string
		want Profile
		bad  bool
	}{
		"nothing":       {},
		"defaults":      {data: map[string]string{"vSwitchIds": "vsw-a, vsw-b", "securityGroupId": "sg", "resourceGroupId": "rg", "vpcId": "vpc"}, want: Profile{VSwitchIDs: []string{"vsw-a", "vsw-b"}, SecurityGroupID: "sg", ResourceGroupID: "rg"}},
		"old spelling":  {data: map[string]string{"vswitch": "vsw-a", "securitygroup": "sg", "resourcegroup": "rg"}, want: Profile{VSwitchIDs: []string{"vsw-a"}, SecurityGroupID: "sg", ResourceGroupID: "rg"}},
		"selectors":     {data: map[string]string{"selectors": selectors}, want: Profile{Selectors: []Selector{spot, team, nobody}}},
		"no JSON":       {data: map[string]string{"selectors": "["}, bad: true},
		"no name":       {data: map[string]string{"selectors": `[{"effect":{}}]`}, bad: true},
		"many switches": {data: map[string]string{"vSwitchIds": "1,2,3,4,5,6,7,8,9,10,11"}, bad: true},
	} {
		got, err := ParseProfile(tc.data)
		if (err != nil) != tc.bad {
			t.Errorf("%s: error %v", name, err)
		}
		if d := cmp.Diff(tc.want, got); d != "" && err == nil {
			t.Errorf("%s (-want +got):\n%s", name, d)
		}
	}
}

func TestApplyProfile(t *testing.T) {
	profile, err := ParseProfile(map[string]string{"selectors": selectors})
	if err != nil {
		t.Fatal(err)
	}
	const specs, spot = Prefix + "eci-use-specs", Prefix + "eci-spot-strategy"
	for name, tc := range map[string]struct {
		labels, namespace, annotations map[string]string
		want, wantLabels               map[string]string
	}{
		"no match":               {labels: map[string]string{"app": "tea"}, wantLabels: map[string]string{"app": "tea"}},
		"labels of the pod":      {labels: map[string]string{"cheap": "yes"}, want: map[string]string{spot: "SpotAsPriceGo", specs: "2-4Gi"}, wantLabels: map[string]string{"cheap": "yes"}},
		"both have to match":     {labels: map[string]string{"app": "coffee"}, namespace: map[string]string{"team": "kitchen"}, wantLabels: map[string]string{"app": "coffee"}},
		"both match":             {labels: map[string]string{"app": "coffee"}, namespace: map[string]string{"team": "bar"}, want: map[string]string{specs: "4-8Gi"}, wantLabels: map[string]string{"app": "coffee", "billed-to": "bar"}},
		"the first one wins":     {labels: map[string]string{"app": "coffee", "cheap": "yes"}, namespace: map[string]string{"team": "bar"}, want: map[string]string{spot: "SpotAsPriceGo", specs: "2-4Gi"}, wantLabels: map[string]string{"app": "coffee", "cheap": "yes", "billed-to": "bar"}},
		"the pod's own stays":    {labels: map[string]string{"cheap": "yes"}, annotations: map[string]string{specs: "8-16Gi"}, want: map[string]string{spot: "SpotAsPriceGo", specs: "8-16Gi"}, wantLabels: map[string]string{"cheap": "yes"}},
		"the pod's label stays":  {labels: map[string]string{"app": "coffee", "billed-to": "me"}, namespace: map[string]string{"team": "bar"}, want: map[string]string{specs: "4-8Gi"}, wantLabels: map[string]string{"app": "coffee", "billed-to": "me"}},
		"value has to match too": {labels: map[string]string{"cheap": "no"}, wantLabels: map[string]string{"cheap": "no"}},
	} {
		pod := coffeePod()
		pod.Labels, pod.Annotations = tc.labels, tc.annotations
		before := pod.DeepCopy()
		got := profile.Apply(pod, tc.namespace)
		if d := cmp.Diff(tc.want, got.Annotations); d != "" {
			t.Errorf("%s: annotations (-want +got):\n%s", name, d)
		}
		if d := cmp.Diff(tc.wantLabels, got.Labels); d != "" {
			t.Errorf("%s: labels (-want +got):\n%s", name, d)
		}
		if d := cmp.Diff(before, pod); d != "" {
			t.Errorf("%s: the pod was changed:\n%s", name, d)
		}
	}
}

func TestProfileConfig(t *testing.T) {
	node := Config{Region: "r", ZoneID: "z", VSwitchIDs: []string{"vsw-n"}, SecurityGroupID: "sg-n", ResourceGroupID: "rg-n"}
	if d := cmp.Diff(node, Profile{}.Config(node)); d != "" {
		t.Errorf("an empty profile (-want +got):\n%s", d)
	}
	profile := Profile{VSwitchIDs: []string{"vsw-p"}, SecurityGroupID: "sg-p", ResourceGroupID: "rg-p"}
	want := Config{Region: "r", VSwitchIDs: []string{"vsw-p"}, SecurityGroupID: "sg-p", ResourceGroupID: "rg-p"}
	if d := cmp.Diff(want, profile.Config(node)); d != "" {
		t.Errorf("(-want +got):\n%s", d)
	}
}

func FuzzParseProfile(f *testing.F) {
	f.Add(selectors)
	f.Add(`[{"name":"x"}]`)
	f.Fuzz(func(t *testing.T, in string) {
		profile, err := ParseProfile(map[string]string{"selectors": in})
		if err == nil {
			profile.Apply(coffeePod(), nil)
		}
	})
}
