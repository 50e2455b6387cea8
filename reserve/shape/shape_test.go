package shape_test

import (
	"maps"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/resource"
	"sigs.k8s.io/yaml"

	"github.com/ebb-node/ebb/reserve/settings"
	"github.com/ebb-node/ebb/reserve/shape"
)

func TestBuild(t *testing.T) {
	in := input(t)
	before := in.Standard.DeepCopy()
	out, err := yaml.Marshal(shape.Build(in))
	if err != nil {
		t.Fatal(err)
	}
	want := strings.ReplaceAll(text(t, "reserve.yaml"), "HASHED", shape.Source(in))
	got := strings.ReplaceAll(string(out), "status: {}\n", "")
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("wrong Deployment (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff(before, in.Standard); diff != "" {
		t.Errorf("the standard Deployment was changed:\n%s", diff)
	}
}

func TestOrdinaryNodes(t *testing.T) {
	d := built(t, func(in *shape.Input) { in.Settings.Type = settings.ECS; in.Specs = shape.Specs{} })
	pod := d.Spec.Template
	for key := range pod.Annotations {
		if strings.Contains(key, "eci-use-specs") || strings.Contains(key, "spot") {
			t.Errorf("annotation %s on a pod for an ordinary node", key)
		}
	}
	if len(pod.Spec.NodeSelector) > 0 || len(pod.Spec.Tolerations) != 1 {
		t.Errorf("node selector %v, tolerations %v; want the revision's own", pod.Spec.NodeSelector, pod.Spec.Tolerations)
	}
	if diff := cmp.Diff(user(standard(t)).Resources, user(d).Resources); diff != "" {
		t.Errorf("resources changed:\n%s", diff)
	}
	if env := pod.Spec.Containers[1].Env; len(env) != 1 {
		t.Errorf("queue-proxy has %v; want its own variables only", env)
	}
}

func TestSpot(t *testing.T) {
	d := built(t, func(in *shape.Input) {
		in.Settings.Spot = settings.Spot{Strategy: settings.SpotWithPriceLimit, PriceLimit: "0.05"}
	})
	got := maps.Clone(d.Spec.Template.Annotations)
	maps.DeleteFunc(got, func(k, _ string) bool { return !strings.Contains(k, "spot") })
	want := map[string]string{
		"k8s.aliyun.com/eci-spot-strategy":    "SpotWithPriceLimit",
		"k8s.aliyun.com/eci-spot-price-limit": "0.05",
		"k8s.aliyun.com/eci-spot-fallback":    "true",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("wrong annotations (-want +got):\n%s", diff)
	}
}

func TestResourcesOfTheReserve(t *testing.T) {
	quantity := func(text string) *resource.Quantity { q := resource.MustParse(text); return &q }
	list := func(cpu, memory string) corev1.ResourceList {
		out := corev1.ResourceList{}
		for name, text := range map[corev1.ResourceName]string{corev1.ResourceCPU: cpu, corev1.ResourceMemory: memory} {
			if text != "" {
				out[name] = resource.MustParse(text)
			}
		}
		return out
	}
	for _, r := range []struct {
		name             string
		has              corev1.ResourceRequirements
		set              settings.Resources
		requests, limits corev1.ResourceList
	}{
		{"it fits", corev1.ResourceRequirements{Requests: list("500m", "1Gi"), Limits: list("1", "2Gi")}, settings.Resources{}, list("500m", "1Gi"), list("1", "2Gi")},
		{"nothing is asked for", corev1.ResourceRequirements{}, settings.Resources{}, nil, nil},
		{"too large a request", corev1.ResourceRequirements{Requests: list("2", "1Gi")}, settings.Resources{}, list("1", "1Gi"), nil},
		{"too large a limit", corev1.ResourceRequirements{Requests: list("500m", ""), Limits: list("1", "4Gi")}, settings.Resources{}, list("500m", ""), list("1", "")},
		{
			"set for the reserve",
			corev1.ResourceRequirements{Requests: list("2", "4Gi"), Limits: list("2", "4Gi")},
			settings.Resources{CPURequest: quantity("250m"), CPULimit: quantity("1"), MemoryRequest: quantity("512Mi"), MemoryLimit: quantity("1Gi")},
			list("250m", "512Mi"), list("1", "1Gi"),
		},
		{"a limit below the revision's request", corev1.ResourceRequirements{Requests: list("1", "")}, settings.Resources{CPULimit: quantity("500m")}, list("500m", ""), list("500m", "")},
		{"a request above the revision's limit", corev1.ResourceRequirements{Limits: list("500m", "")}, settings.Resources{CPURequest: quantity("1")}, list("1", ""), list("", "")},
	} {
		t.Run(r.name, func(t *testing.T) {
			d := built(t, func(in *shape.Input) {
				in.Standard.Spec.Template.Spec.Containers[0].Resources = r.has
				in.Settings.Resources = r.set
			})
			got := user(d).Resources
			if diff := cmp.Diff(r.requests, got.Requests); diff != "" {
				t.Errorf("wrong requests (-want +got):\n%s", diff)
			}
			if diff := cmp.Diff(r.limits, got.Limits, cmp.Transformer("none", none)); diff != "" {
				t.Errorf("wrong limits (-want +got):\n%s", diff)
			}
		})
	}
}

// none makes an empty list equal to an absent one.
func none(l corev1.ResourceList) map[corev1.ResourceName]string {
	out := map[corev1.ResourceName]string{}
	for name, q := range l {
		out[name] = q.String()
	}
	return out
}

func TestSourceFollowsWhatItIsBuiltFrom(t *testing.T) {
	base := shape.Source(input(t))
	for name, c := range map[string]struct {
		change func(*shape.Input)
		same   bool
	}{
		"the template":    {func(in *shape.Input) { in.Standard.Spec.Template.Spec.Containers[1].Image = "queue:2" }, false},
		"the settings":    {func(in *shape.Input) { in.Settings.Replicas = 2 }, false},
		"the place":       {func(in *shape.Input) { in.Place.NodeSelector = nil }, false},
		"the specs":       {func(in *shape.Input) { in.Specs.List = "ecs.t6-c1m1.large" }, true},
		"the replicas":    {func(in *shape.Input) { in.Replicas = 0 }, true},
		"standard's size": {func(in *shape.Input) { in.Standard.Spec.Replicas = nil }, true},
	} {
		in := input(t)
		c.change(&in)
		if got := shape.Source(in) == base; got != c.same {
			t.Errorf("%s changed: the same source is %t, want %t", name, got, c.same)
		}
	}
}

func TestPodsComeAndGo(t *testing.T) {
	at := time.Date(2026, 3, 1, 10, 0, 0, 0, time.UTC)
	pod := &corev1.Pod{ObjectMeta: *built(t).Spec.Template.ObjectMeta.DeepCopy()}
	if !shape.Attached(pod) || shape.Counted(pod) {
		t.Errorf("a new pod: attached %t, counted %t; want attached only", shape.Attached(pod), shape.Counted(pod))
	}
	shape.Count(pod, "coffee-00001")
	if !shape.Counted(pod) {
		t.Error("a pod that is to be counted is not")
	}
	shape.Detach(pod, at)
	if shape.Attached(pod) || !shape.Counted(pod) || !shape.DetachedAt(pod).Equal(at) {
		t.Errorf("detached: attached %t, counted %t, since %v", shape.Attached(pod), shape.Counted(pod), shape.DetachedAt(pod))
	}
	if pod.Labels["serving.knative.dev/revisionUID"] == "" {
		t.Error("a detached pod lacks the key by which Knative's autoscaler sees it")
	}
	if pod.Annotations["controller.kubernetes.io/pod-deletion-cost"] != "-1000" {
		t.Error("a detached pod is not the first to be removed")
	}
	shape.Count(pod, "")
	if shape.Counted(pod) {
		t.Error("a pod that is not to be counted is")
	}
}

func TestNamesAreShortenedAsKnativeDoes(t *testing.T) {
	long := strings.Repeat("coffee-", 9) + "00001"
	if got := shape.Name(long); len(got) > 63 || !strings.HasSuffix(got, "-deployment-reserve") {
		t.Errorf("name %q", got)
	}
	if got := shape.Name("coffee-00001"); got != "coffee-00001-deployment-reserve" {
		t.Errorf("name %q", got)
	}
}
