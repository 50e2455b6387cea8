package translate

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/resource"

	"github.com/ebb-node/ebb/eci"
	"github.com/ebb-node/ebb/instancespecs"
)

func TestParseSpecs(t *testing.T) {
	size := func(c, m float64) spec { return spec{size: instancespecs.Size{VCPU: c, MemoryGiB: m}} }
	for _, tc := range []struct {
		in   string
		want []spec
		bad  bool
	}{
		{in: ""},
		{in: " , "},
		{in: "2-4Gi", want: []spec{size(2, 4)}},
		{in: "0.25-0.5Gi", want: []spec{size(0.25, 0.5)}},
		{in: " 2-4Gi , ecs.c6.xlarge ,", want: []spec{size(2, 4), {instanceType: "ecs.c6.xlarge"}}},
		{in: "ecs.gn6i-c4g1.xlarge", want: []spec{{instanceType: "ecs.gn6i-c4g1.xlarge"}}},
		{in: "ecs.t5-lc1m2.small", want: []spec{{instanceType: "ecs.t5-lc1m2.small"}}},
		{in: "1-1Gi,1-2Gi,2-2Gi,2-4Gi,4-8Gi,8-8Gi", bad: true},
		{in: "2-4", bad: true},
		{in: "2-4Mi", bad: true},
		{in: "2C4G", bad: true},
		{in: "-4Gi", bad: true},
		{in: "0-4Gi", bad: true},
		{in: "2-0Gi", bad: true},
		{in: "2.-4Gi", bad: true},
		{in: "1e3-4Gi", bad: true},
		{in: "c6.xlarge", bad: true},
		{in: "ecs.c6", bad: true},
		{in: "ecs..xlarge", bad: true},
		{in: "ECS.C6.XLARGE", bad: true},
		{in: "2-4Gi;4-8Gi", bad: true},
	} {
		got, err := parseSpecs(tc.in)
		if (err != nil) != tc.bad {
			t.Errorf("%q: error %v", tc.in, err)
		}
		if d := cmp.Diff(tc.want, got, cmp.AllowUnexported(spec{}), cmpopts.EquateEmpty()); d != "" {
			t.Errorf("%q (-want +got):\n%s", tc.in, d)
		}
	}
}

func FuzzParseSpecs(f *testing.F) {
	for _, s := range []string{"2-4Gi,4-8Gi,ecs.c6.xlarge", "", ",", "999999999999999999999-1Gi"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, in string) {
		specs, err := parseSpecs(in)
		if err != nil && len(specs) > 0 {
			t.Errorf("%q gives %v and an error", in, specs)
		}
		if len(specs) > maxSpecs {
			t.Errorf("%q gives %d specs", in, len(specs))
		}
		for _, s := range specs {
			valid := s.instanceType != "" || s.size.VCPU > 0 && s.size.MemoryGiB > 0
			if !valid {
				t.Errorf("%q gives %+v", in, s)
			}
		}
	})
}

func list(pairs ...string) corev1.ResourceList {
	out := corev1.ResourceList{}
	for i := 0; i < len(pairs); i += 2 {
		out[corev1.ResourceName(pairs[i])] = resource.MustParse(pairs[i+1])
	}
	return out
}

func container(name string, limits, requests corev1.ResourceList) corev1.Container {
	return corev1.Container{Name: name, Image: "i", Resources: corev1.ResourceRequirements{Limits: limits, Requests: requests}}
}

func TestSize(t *testing.T) {
	always := corev1.ContainerRestartPolicyAlways
	sidecar := func(c corev1.Container) corev1.Container { c.RestartPolicy = &always; return c }
	ignored := func(c corev1.Container) corev1.Container {
		c.Env = []corev1.EnvVar{{Name: ignoreResourcesEnv, Value: "TRUE"}}
		return c
	}
	apps := func(c ...corev1.Container) corev1.PodSpec { return corev1.PodSpec{Containers: c} }
	for name, tc := range map[string]struct {
		spec     corev1.PodSpec
		vcpu, gi float64
	}{
		"nothing":                      {apps(container("a", nil, nil)), 2, 4},
		"limits":                       {apps(container("a", list("cpu", "1", "memory", "2Gi"), nil)), 1, 2},
		"requests":                     {apps(container("a", nil, list("cpu", "1", "memory", "2Gi"))), 1, 2},
		"limits win over requests":     {apps(container("a", list("cpu", "4", "memory", "8Gi"), list("cpu", "1", "memory", "2Gi"))), 4, 8},
		"each resource for itself":     {apps(container("a", list("memory", "8Gi"), list("cpu", "4", "memory", "2Gi"))), 4, 8},
		"sum":                          {apps(container("a", list("cpu", "1", "memory", "1Gi"), nil), container("b", nil, list("cpu", "1", "memory", "3Gi"))), 2, 4},
		"one with, one without":        {apps(container("a", list("cpu", "1", "memory", "2Gi"), nil), container("b", nil, nil)), 1, 2},
		"2C3G becomes 2C4G":            {apps(container("a", list("cpu", "2", "memory", "3Gi"), nil)), 2, 4},
		"0.1C0.1G becomes 0.25C0.5G":   {apps(container("a", list("cpu", "100m", "memory", "100Mi"), nil)), 0.25, 0.5},
		"just CPU":                     {apps(container("a", list("cpu", "3"), nil)), 4, 2},
		"just memory":                  {apps(container("a", list("memory", "3Gi"), nil)), 1, 4},
		"7C13G":                        {apps(container("a", list("cpu", "7", "memory", "13Gi"), nil)), 8, 16},
		"memory decides the CPU":       {apps(container("a", list("cpu", "1", "memory", "100Gi"), nil)), 16, 128},
		"ignored container":            {apps(container("a", list("cpu", "1", "memory", "2Gi"), nil), ignored(container("q", list("cpu", "1", "memory", "2Gi"), nil))), 1, 2},
		"all ignored":                  {apps(ignored(container("q", list("cpu", "8", "memory", "16Gi"), nil))), 2, 4},
		"init container is larger":     {corev1.PodSpec{InitContainers: []corev1.Container{container("i", list("cpu", "4", "memory", "4Gi"), nil)}, Containers: []corev1.Container{container("a", list("cpu", "1", "memory", "8Gi"), nil)}}, 4, 8},
		"init containers don't add up": {corev1.PodSpec{InitContainers: []corev1.Container{container("i", list("cpu", "1", "memory", "2Gi"), nil), container("j", list("cpu", "1", "memory", "2Gi"), nil)}, Containers: []corev1.Container{container("a", list("cpu", "1", "memory", "2Gi"), nil)}}, 1, 2},
		"sidecars add up":              {corev1.PodSpec{InitContainers: []corev1.Container{sidecar(container("s", list("cpu", "1", "memory", "2Gi"), nil))}, Containers: []corev1.Container{container("a", list("cpu", "1", "memory", "2Gi"), nil)}}, 2, 4},
		"sidecar beside an init":       {corev1.PodSpec{InitContainers: []corev1.Container{sidecar(container("s", list("cpu", "1", "memory", "2Gi"), nil)), container("i", list("cpu", "3", "memory", "6Gi"), nil)}, Containers: []corev1.Container{container("a", list("cpu", "1", "memory", "2Gi"), nil)}}, 4, 8},
		"resources of the pod":         {corev1.PodSpec{Resources: &corev1.ResourceRequirements{Limits: list("cpu", "4", "memory", "8Gi")}, Containers: []corev1.Container{container("a", list("cpu", "1", "memory", "2Gi"), nil)}}, 4, 8},
		"the pod's CPU alone":          {corev1.PodSpec{Resources: &corev1.ResourceRequirements{Requests: list("cpu", "2")}, Containers: []corev1.Container{container("a", list("cpu", "1", "memory", "2Gi"), nil)}}, 2, 2},
	} {
		t.Run(name, func(t *testing.T) {
			pod := coffeePod()
			pod.Spec.InitContainers, pod.Spec.Containers, pod.Spec.Resources = tc.spec.InitContainers, tc.spec.Containers, tc.spec.Resources
			size := InstanceSize(pod, Config{})
			cpu, memory := size["cpu"], size["memory"]
			if cpu.AsApproximateFloat64() != tc.vcpu || memory.AsApproximateFloat64() != tc.gi*gib {
				t.Errorf("InstanceSize is %s and %s, want %g and %g GiB", cpu.String(), memory.String(), tc.vcpu, tc.gi)
			}
			pod.Spec.InitContainers = nil
			if tc.spec.InitContainers != nil {
				return // sidecars and init containers are translated elsewhere
			}
			plan, err := Translate(pod, resolvedOf(pod), Config{})
			if err != nil {
				t.Fatal(err)
			}
			if got := plan.Attempts[0]; got.CPU != tc.vcpu || got.Memory != tc.gi {
				t.Errorf("the request has %g and %g, want %g and %g", got.CPU, got.Memory, tc.vcpu, tc.gi)
			}
		})
	}
}

func TestRegionalSizes(t *testing.T) {
	pod := coffeePod()
	pod.Spec.Containers[0].Resources.Limits = list("cpu", "7", "memory", "13Gi")
	plan, err := Translate(pod, resolvedOf(pod), Config{Region: "cn-hangzhou"})
	if err != nil {
		t.Fatal(err)
	}
	if got := plan.Attempts[0]; got.CPU != 8 || got.Memory != 14 {
		t.Errorf("got %g and %g", got.CPU, got.Memory)
	}
}

func knownTypes(name string) (float64, float64, bool) {
	switch name {
	case "ecs.c6.large":
		return 2, 4, true
	case "ecs.g6.large":
		return 2, 8, true
	case "ecs.t5-lc1m2.small":
		return 1, 2, true
	}
	return 0, 0, false
}

func TestInstanceSizeOfSpecs(t *testing.T) {
	for specs, want := range map[string][2]float64{
		"4-8Gi":                    {4, 8},
		"3-5Gi":                    {4, 8},
		"ecs.g6.large,4-8Gi":       {2, 8},
		"ecs.unknown.large":        {1, 1},
		"nonsense":                 {1, 2},
		"ecs.t5-lc1m2.small,8-8Gi": {1, 2},
	} {
		pod := coffeePod()
		pod.Spec.Containers[0].Resources.Limits = list("cpu", "1", "memory", "1Gi")
		annotated(keyUseSpecs, specs)(pod)
		size := InstanceSize(pod, Config{InstanceSize: knownTypes})
		cpu, memory := size["cpu"], size["memory"]
		if cpu.AsApproximateFloat64() != want[0] || memory.AsApproximateFloat64() != want[1]*gib {
			t.Errorf("%s: %s and %s, want %v", specs, cpu.String(), memory.String(), want)
		}
	}
	pod := coffeePod()
	annotated(keyExtraStorage, "20Gi")(pod)
	storage := InstanceSize(pod, Config{})[corev1.ResourceEphemeralStorage]
	if storage.String() != "50Gi" {
		t.Errorf("storage %s", storage.String())
	}
}

func TestResources(t *testing.T) {
	check(t, map[string]rule{
		"limits shape the container": {
			pod: app(func(c *corev1.Container) { c.Resources.Limits = list("cpu", "500m", "memory", "128Mi") }),
			want: func(r *eci.CreateRequest) {
				r.CPU, r.Memory = 0.5, 1
				r.Containers[0].CPU, r.Containers[0].Memory = 0.5, 0.125
			},
		},
		"requests do not": {
			pod:  app(func(c *corev1.Container) { c.Resources.Requests = list("cpu", "500m", "memory", "128Mi") }),
			want: func(r *eci.CreateRequest) { r.CPU, r.Memory = 0.5, 1 },
		},
		"GPU": {
			pod: both(annotated(keyUseSpecs, "ecs.gn6i-c4g1.xlarge"), app(func(c *corev1.Container) { c.Resources.Limits = list("nvidia.com/gpu", "1") })),
			want: func(r *eci.CreateRequest) {
				r.CPU, r.Memory, r.InstanceTypes, r.Containers[0].GPU = 0, 0, []string{"ecs.gn6i-c4g1.xlarge"}, 1
			},
		},
		"GPU without a type": {
			pod:     both(annotated(keyUseSpecs, "ecs.gn6i-c4g1.xlarge,2-4Gi"), app(func(c *corev1.Container) { c.Resources.Limits = list("nvidia.com/gpu", "1") })),
			refused: []string{"spec.containers[0].resources.limits[nvidia.com/gpu]"},
		},
		"other devices": {
			pod:     app(func(c *corev1.Container) { c.Resources.Limits = list("amd.com/gpu", "1", "hugepages-2Mi", "4Mi") }),
			refused: []string{"spec.containers[0].resources.limits[amd.com/gpu]", "spec.containers[0].resources.limits[hugepages-2Mi]"},
		},
		"no other devices":    {pod: app(func(c *corev1.Container) { c.Resources.Limits = list("amd.com/gpu", "0") })},
		"claims":              {pod: app(func(c *corev1.Container) { c.Resources.Claims = []corev1.ResourceClaim{{Name: "x"}} }), refused: []string{"spec.containers[0].resources.claims"}},
		"too large":           {pod: app(func(c *corev1.Container) { c.Resources.Limits = list("cpu", "65") }), refused: []string{"spec.containers[*].resources"}},
		"storage within free": {pod: app(func(c *corev1.Container) { c.Resources.Requests = list("ephemeral-storage", "30Gi") })},
		"storage beyond free": {
			pod:  app(func(c *corev1.Container) { c.Resources.Requests = list("ephemeral-storage", "40000Mi") }),
			want: func(r *eci.CreateRequest) { r.EphemeralStorage = 10 },
		},
		"extra storage":     {pod: annotated(keyExtraStorage, "50Gi"), want: func(r *eci.CreateRequest) { r.EphemeralStorage = 50 }},
		"the larger wins":   {pod: both(annotated(keyExtraStorage, "5Gi"), app(func(c *corev1.Container) { c.Resources.Limits = list("ephemeral-storage", "50Gi") })), want: func(r *eci.CreateRequest) { r.EphemeralStorage = 20 }},
		"storage malformed": {pod: annotated(keyExtraStorage, "50G"), refused: []string{field(keyExtraStorage)}},
		"storage negative":  {pod: annotated(keyExtraStorage, "-1"), refused: []string{field(keyExtraStorage)}},
	})
}
