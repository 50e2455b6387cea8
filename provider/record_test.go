package provider

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/types"

	"github.com/ebb-node/ebb/eci"
)

func group(id string, status eci.Status) *eci.Group { return &eci.Group{ID: id, Status: status} }

func TestARecordKeepsOneGroup(t *testing.T) {
	for name, c := range map[string]struct {
		r       record
		told    *eci.Group
		keeps   string
		surplus []string
	}{
		"the first one": {record{}, group("a", eci.StatusRunning), "a", nil},
		"the same one":  {record{groupID: "a", group: group("a", eci.StatusPending)}, group("a", eci.StatusRunning), "a", nil},
		"a twin of a living one": {record{groupID: "a", group: group("a", eci.StatusRunning)}, group("b", eci.StatusRunning), "a",
			[]string{"b"}},
		"a living twin of an ended one": {record{groupID: "a", group: group("a", eci.StatusFailed)}, group("b", eci.StatusRunning), "b",
			[]string{"a"}},
		"a living twin of a vanished one": {record{groupID: "a", vanished: true}, group("b", eci.StatusRunning), "b", []string{"a"}},
		"a twin of a finished pod": {record{groupID: "a", group: group("a", eci.StatusSucceeded),
			pod: &corev1.Pod{Status: corev1.PodStatus{Phase: corev1.PodSucceeded}}}, group("b", eci.StatusRunning), "a", []string{"b"}},
		"one that was given up": {record{ignored: []string{"a"}}, group("a", eci.StatusRunning), "", nil},
	} {
		r := c.r
		r.observe(c.told)
		if r.groupID != c.keeps {
			t.Errorf("%s: keeps %q, want %q", name, r.groupID, c.keeps)
		}
		if diff := cmp.Diff(c.surplus, r.surplus); diff != "" {
			t.Errorf("%s: surplus (-want +got):\n%s", name, diff)
		}
	}
}

func TestLost(t *testing.T) {
	running := &corev1.Pod{Status: corev1.PodStatus{Phase: corev1.PodRunning}}
	waiting := &corev1.Pod{Status: corev1.PodStatus{Phase: corev1.PodPending}}
	for name, c := range map[string]struct {
		r    record
		want bool
	}{
		"no group":                   {record{pod: waiting}, false},
		"could not be scheduled":     {record{pod: waiting, groupID: "a", group: group("a", eci.StatusScheduleFailed)}, true},
		"pending":                    {record{pod: waiting, groupID: "a", group: group("a", eci.StatusPending)}, false},
		"vanished before it ran":     {record{pod: waiting, groupID: "a", vanished: true}, true},
		"vanished while it ran":      {record{pod: running, groupID: "a", vanished: true}, false},
		"vanished, seen running":     {record{pod: waiting, groupID: "a", group: group("a", eci.StatusRunning), vanished: true}, false},
		"vanished after its delete":  {record{pod: waiting, groupID: "a", vanished: true, stop: stopGraceful}, false},
		"could not, and was deleted": {record{pod: waiting, groupID: "a", group: group("a", eci.StatusScheduleFailed), stop: stopForced}, false},
	} {
		if got := c.r.lost(); got != c.want {
			t.Errorf("%s: %v", name, got)
		}
	}
}

func TestStopped(t *testing.T) {
	ended := eci.ContainerStatus{Current: eci.ContainerState{State: "Terminated"}}
	runs := eci.ContainerStatus{Current: eci.ContainerState{State: "Running"}}
	for name, c := range map[string]struct {
		group *eci.Group
		want  bool
	}{
		"unknown":                     {nil, false},
		"running":                     {group("a", eci.StatusRunning), false},
		"terminating, one runs":       {&eci.Group{Status: eci.StatusTerminating, Containers: []eci.ContainerStatus{ended, runs}}, false},
		"terminating, all have ended": {&eci.Group{Status: eci.StatusTerminating, Containers: []eci.ContainerStatus{ended, ended}}, true},
		"terminating, none is told":   {group("a", eci.StatusTerminating), false},
		"running, all have ended":     {&eci.Group{Status: eci.StatusRunning, Containers: []eci.ContainerStatus{ended}}, false},
		"succeeded":                   {group("a", eci.StatusSucceeded), true},
	} {
		if r := (record{group: c.group}); r.stopped() != c.want {
			t.Errorf("%s: %v", name, r.stopped())
		}
	}
}

func TestTheRegistryFindsRecordsByGroup(t *testing.T) {
	g := newRegistry()
	g.change("u1", func(r *record) { r.groupID = "a" })
	g.change("u1", func(r *record) { r.groupID = "b" })
	if _, ok := g.owner("a"); ok {
		t.Error("a group that was replaced still has an owner")
	}
	if uid, ok := g.owner("b"); !ok || uid != "u1" {
		t.Errorf("owner of b: %q, %v", uid, ok)
	}
	if _, ok := g.changeKnown("u2", func(*record) { t.Error("an unknown record was edited") }); ok {
		t.Error("u2 is known")
	}
	copied, _ := g.get("u1")
	copied.groupID = "c"
	if again, _ := g.get("u1"); again.groupID != "b" {
		t.Error("a copy is not a copy")
	}
	g.remove("u1")
	if _, ok := g.owner("b"); ok || len(g.all()) != 0 {
		t.Error("the record is still there")
	}
}

func TestAnnotations(t *testing.T) {
	r := record{uid: types.UID("u"), groupID: "eci-1", requestID: "R", attempt: 2, group: &eci.Group{
		ID: "eci-1", CPU: 2, Memory: 4, ZoneID: "cn-hangzhou-i", VPCID: "vpc-1", ENIID: "eni-1", InternetIP: "1.2.3.4",
	}}
	want := map[string]string{
		annotationGroupID: "eci-1", annotationRequestID: "R", annotationClientToken: "u-2",
		annotationCPU: "2.000", annotationMemory: "4.00", annotationSpec: "2.0-4.0Gi",
		annotationZone: "cn-hangzhou-i", annotationVPC: "vpc-1", annotationENI: "eni-1", annotationInternetAddr: "1.2.3.4",
	}
	if diff := cmp.Diff(want, r.annotations()); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	r.group.InstanceType = "ecs.c6.large"
	if got := r.annotations()[annotationSpec]; got != "ecs.c6.large" {
		t.Errorf("spec %q, want the instance type", got)
	}
	pod := &corev1.Pod{ObjectMeta: metav1.ObjectMeta{UID: "u", Annotations: r.annotations()}}
	if lastAttempt(pod) != 2 {
		t.Errorf("lastAttempt %d, want 2", lastAttempt(pod))
	}
	if got := (&record{uid: "u"}).annotations(); len(got) != 0 {
		t.Errorf("a pod without a group has %v", got)
	}
	if cpu, memory := decimals(0.25, 3), decimals(0.5, 2); cpu != "0.250" || memory != "0.50" {
		t.Errorf("cpu %q, memory %q", cpu, memory)
	}
	for value, want := range map[float64]string{0.25: "0.25", 2: "2.0", 0.5: "0.5"} {
		if got := oneDecimal(value); got != want {
			t.Errorf("oneDecimal(%v) = %q, want %q", value, got, want)
		}
	}
}

func TestMergeEvents(t *testing.T) {
	a := []eci.Event{{Reason: "Pulled", Count: 1}, {Reason: "BackOff", Message: "x", Count: 1}}
	b := []eci.Event{{Reason: "BackOff", Message: "x", Count: 4}, {Reason: "BackOff", Message: "y", Count: 1}, {Reason: "Pulled", Count: 1}}
	want := []eci.Event{{Reason: "Pulled", Count: 1}, {Reason: "BackOff", Message: "x", Count: 4}, {Reason: "BackOff", Message: "y", Count: 1}}
	if diff := cmp.Diff(want, mergeEvents(a, b)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if a[1].Count != 1 {
		t.Error("the first list was changed")
	}
}
