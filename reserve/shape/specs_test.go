package shape_test

import (
	"errors"
	"strings"
	"testing"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/resource"

	"github.com/ebb-node/ebb/instancespecs"
	"github.com/ebb-node/ebb/reserve/settings"
	"github.com/ebb-node/ebb/reserve/shape"
)

func TestChoose(t *testing.T) {
	market, err := instancespecs.DefaultMarket("CNY")
	if err != nil {
		t.Fatal(err)
	}
	asking := func(memory string) *corev1.PodTemplateSpec {
		template := standard(t).Spec.Template
		template.Spec.Containers[0].Resources.Requests = corev1.ResourceList{corev1.ResourceMemory: resource.MustParse(memory)}
		return &template
	}
	for _, r := range []struct {
		name     string
		settings settings.Settings
		pod      *corev1.PodTemplateSpec
		first    string // of the list
		least    instancespecs.Size
	}{
		{"the default", settings.Settings{Type: settings.ECI}, asking("1Gi"), "ecs.t6-c1m1.large", instancespecs.Size{VCPU: 1, MemoryGiB: 2}},
		{"the default, for what it has room for", settings.Settings{Type: settings.ECI}, asking("4Gi"), "ecs.t6-c1m2.large", instancespecs.Size{VCPU: 2, MemoryGiB: 4}},
		{"more than any default has", settings.Settings{Type: settings.ECI}, asking("7Gi"), "ecs.", instancespecs.Size{VCPU: 2, MemoryGiB: 8}},
		{"the user's list, whatever is asked for", settings.Settings{Type: settings.ECI, Specs: "ecs.t5-lc1m2.small"}, asking("7Gi"), "ecs.t5-lc1m2.small", instancespecs.Size{VCPU: 1, MemoryGiB: 2}},
		{"a size stands for the cheapest types", settings.Settings{Type: settings.ECI, Specs: "2-4Gi"}, asking("1Gi"), "ecs.t6-c1m2.large", instancespecs.Size{VCPU: 2, MemoryGiB: 4}},
		{"an unknown type is the cloud's to judge", settings.Settings{Type: settings.ECI, Specs: "ecs.x9.large"}, asking("1Gi"), "ecs.x9.large", instancespecs.Size{}},
		{"ordinary nodes have none", settings.Settings{Type: settings.ECS}, asking("1Gi"), "", instancespecs.Size{}},
	} {
		t.Run(r.name, func(t *testing.T) {
			got, err := shape.Choose(market, r.settings, r.pod, nil, "cn-hangzhou")
			if err != nil {
				t.Fatal(err)
			}
			if first, _, _ := strings.Cut(got.List, ","); !strings.HasPrefix(first, r.first) || r.first == "" && got.List != "" {
				t.Errorf("specs %q; want %s first", got.List, r.first)
			}
			if r.first != "ecs." && got.Least != r.least || got.Least.MemoryGiB < r.least.MemoryGiB {
				t.Errorf("least size %v, want %v", got.Least, r.least)
			}
		})
	}
}

func TestChooseSaysWhatIsWrong(t *testing.T) {
	market, err := instancespecs.DefaultMarket("CNY")
	if err != nil {
		t.Fatal(err)
	}
	_, err = shape.Choose(market, settings.Settings{Type: settings.ECI, Specs: "big"}, &corev1.PodTemplateSpec{}, nil, "")
	if spec := (*instancespecs.SpecError)(nil); !errors.As(err, &spec) || spec.Entry != "big" {
		t.Errorf("error %v; want one about the entry", err)
	}
	template := standard(t).Spec.Template
	template.Spec.Containers[0].Resources.Requests[corev1.ResourceMemory] = resource.MustParse("4Ti")
	_, err = shape.Choose(market, settings.Settings{Type: settings.ECI}, &template, nil, "")
	if none := (*instancespecs.NoFitError)(nil); !errors.As(err, &none) {
		t.Errorf("error %v; want one that says that nothing fits", err)
	}
}

func TestDevices(t *testing.T) {
	spec := standard(t).Spec.Template.Spec
	if got := shape.Device(&spec); got != "" {
		t.Errorf("device %q of a pod without", got)
	}
	spec.Containers[0].Resources.Limits["nvidia.com/gpu"] = resource.MustParse("1")
	if got := shape.Device(&spec); got != "nvidia.com/gpu" {
		t.Errorf("device %q", got)
	}
}
