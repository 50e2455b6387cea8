package node

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/resource"
	clocktesting "k8s.io/utils/clock/testing"

	"github.com/ebb-node/ebb/alicloud"
	"github.com/ebb-node/ebb/eci"
)

func testSpec() Spec {
	return Spec{
		Name: "ebb", InternalIP: "10.0.0.9", KubeletPort: 10250, KubeletVersion: "v1.35.8-ebb-test", Region: "cn-hangzhou",
		Architecture: "arm64", CPU: resource.MustParse("64"), Memory: resource.MustParse("256Gi"), Pods: 500,
		Labels: map[string]string{"team": "coffee", "type": "burst"}, Taints: []corev1.Taint{DefaultTaint()},
	}
}

func TestTheNodeSaysWhatItIs(t *testing.T) {
	node := testSpec().Object()
	labels := map[string]string{
		"type": "burst", "team": "coffee", "kubernetes.io/role": "agent", "kubernetes.io/hostname": "ebb", "kubernetes.io/os": "linux",
		"kubernetes.io/arch": "arm64", "topology.kubernetes.io/region": "cn-hangzhou",
		"node.kubernetes.io/exclude-from-external-load-balancers": "true",
	}
	if diff := cmp.Diff(labels, node.Labels); diff != "" {
		t.Errorf("labels (-want +got):\n%s", diff)
	}
	addresses := []corev1.NodeAddress{{Type: corev1.NodeInternalIP, Address: "10.0.0.9"}, {Type: corev1.NodeHostName, Address: "ebb"}}
	if diff := cmp.Diff(addresses, node.Status.Addresses); diff != "" {
		t.Errorf("addresses (-want +got):\n%s", diff)
	}
	if got := node.Status.DaemonEndpoints.KubeletEndpoint.Port; got != 10250 {
		t.Errorf("kubelet port %d", got)
	}
	for name, want := range map[corev1.ResourceName]string{"cpu": "64", "memory": "256Gi", "pods": "500"} {
		for list, got := range map[string]corev1.ResourceList{"capacity": node.Status.Capacity, "allocatable": node.Status.Allocatable} {
			if q := got[name]; q.Cmp(resource.MustParse(want)) != 0 {
				t.Errorf("%s %s: %s, want %s", list, name, q.String(), want)
			}
		}
	}
}

func TestGPUsAreOfferedOnlyWhenThereAreSome(t *testing.T) {
	spec := testSpec()
	if q, there := spec.Object().Status.Allocatable[resourceGPU]; there {
		t.Errorf("%s GPUs without any", q.String())
	}
	spec.GPUs = 4
	status := spec.Object().Status
	for list, got := range map[string]corev1.ResourceList{"capacity": status.Capacity, "allocatable": status.Allocatable} {
		if q := got["nvidia.com/gpu"]; q.Value() != 4 {
			t.Errorf("%s: %s GPUs, want 4", list, q.String())
		}
	}
}

func TestConditions(t *testing.T) {
	unreachable := &eci.Error{Action: "DescribeRegions", Code: "Client.Unreachable", Class: alicloud.ClassTransport}
	for name, c := range map[string]struct {
		do                    func(h *Health, c *clocktesting.FakeClock)
		ready, network, cloud corev1.ConditionStatus
		reason                string // of CloudReachable
	}{
		"starting": {func(*Health, *clocktesting.FakeClock) {}, "False", "False", "False", ReasonStarting},
		"well":     {func(h *Health, _ *clocktesting.FakeClock) { h.Observe(nil) }, "True", "False", "True", "CloudReachable"},
		"never reached": {func(h *Health, c *clocktesting.FakeClock) { h.Observe(unreachable); c.Step(time.Hour) },
			"False", "False", "False", ReasonCloudUnreachable},
		"wrong key": {func(h *Health, _ *clocktesting.FakeClock) { h.Observe(&eci.Error{Class: alicloud.ClassCredential}) },
			"False", "False", "False", ReasonInvalidCredentials},
		"no right": {func(h *Health, _ *clocktesting.FakeClock) { h.Observe(&eci.Error{Class: alicloud.ClassPermission}) },
			"False", "False", "False", ReasonNotPermitted},
		"wrong region": {func(h *Health, _ *clocktesting.FakeClock) { h.Observe(&eci.Error{Class: alicloud.ClassInvalid}) },
			"False", "False", "False", ReasonInvalidRequest},
		"a blip": {func(h *Health, c *clocktesting.FakeClock) {
			h.Observe(nil)
			h.Observe(unreachable)
			c.Step(patience / 2)
		},
			"True", "False", "False", ReasonCloudUnreachable},
		"lost for long": {func(h *Health, c *clocktesting.FakeClock) { h.Observe(nil); h.Observe(unreachable); c.Step(patience) },
			"True", "True", "False", ReasonCloudUnreachable},
		"back again": {func(h *Health, c *clocktesting.FakeClock) {
			h.Observe(nil)
			h.Observe(unreachable)
			c.Step(time.Hour)
			h.Observe(nil)
		}, "True", "False", "True", "CloudReachable"},
		"restarted with running pods": {func(h *Health, _ *clocktesting.FakeClock) { h.Inherit(); h.Observe(unreachable) },
			"True", "False", "False", ReasonCloudUnreachable},
	} {
		fake := clocktesting.NewFakeClock(time.Now())
		h := NewHealth(fake)
		c.do(h, fake)
		got := map[corev1.NodeConditionType]corev1.NodeCondition{}
		for _, condition := range conditions(h.Get(), fake.Now()) {
			got[condition.Type] = condition
		}
		for kind, want := range map[corev1.NodeConditionType]corev1.ConditionStatus{
			corev1.NodeReady: c.ready, corev1.NodeNetworkUnavailable: c.network, ConditionCloudReachable: c.cloud,
		} {
			if got[kind].Status != want {
				t.Errorf("%s: %s is %s, want %s", name, kind, got[kind].Status, want)
			}
		}
		if reason := got[ConditionCloudReachable].Reason; reason != c.reason {
			t.Errorf("%s: reason %s, want %s", name, reason, c.reason)
		}
		if c.ready == "False" && got[corev1.NodeReady].Reason != c.reason {
			t.Errorf("%s: Ready does not say why: %+v", name, got[corev1.NodeReady])
		}
	}
}

func TestMergeTaints(t *testing.T) {
	standard := DefaultTaint()
	other := corev1.Taint{Key: "maintenance", Effect: corev1.TaintEffectNoExecute}
	old := standard
	old.Value = "other-cloud"
	for name, c := range map[string]struct{ has, want, merged []corev1.Taint }{
		"added":         {nil, []corev1.Taint{standard}, []corev1.Taint{standard}},
		"kept":          {[]corev1.Taint{standard}, []corev1.Taint{standard}, []corev1.Taint{standard}},
		"others stay":   {[]corev1.Taint{other}, []corev1.Taint{standard}, []corev1.Taint{other, standard}},
		"disabled":      {[]corev1.Taint{standard, other}, nil, []corev1.Taint{other}},
		"value changed": {[]corev1.Taint{old}, []corev1.Taint{standard}, []corev1.Taint{standard}},
	} {
		if diff := cmp.Diff(c.merged, mergeTaints(c.has, c.want)); len(c.merged) != len(mergeTaints(c.has, c.want)) || len(c.merged) > 0 && diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}
