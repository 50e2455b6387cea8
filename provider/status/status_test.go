package status

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/ebb-node/ebb/eci"
)

const unready = "containers with unready status: [app]"

func TestBeforeTheGroup(t *testing.T) {
	got := Waiting(coffeePod(), "", "", facts(t0))
	want := corev1.PodStatus{
		ObservedGeneration: 3,
		Phase:              corev1.PodPending,
		HostIP:             "10.0.0.9",
		HostIPs:            []corev1.HostIP{{IP: "10.0.0.9"}},
		StartTime:          ptr(at(t0)),
		QOSClass:           corev1.PodQOSBurstable,
		ContainerStatuses: []corev1.ContainerStatus{{
			Name: "app", Image: "coffee:1", Started: ptr(false),
			State: corev1.ContainerState{Waiting: &corev1.ContainerStateWaiting{Reason: "ContainerCreating"}},
		}},
		Conditions: []corev1.PodCondition{
			cond(corev1.PodScheduled, "True", t0),
			cond(corev1.PodReadyToStartContainers, "False", t0),
			cond(corev1.PodInitialized, "True", t0),
			cond(corev1.ContainersReady, "False", t0, "ContainersNotReady", unready),
			cond(corev1.PodReady, "False", t0, "ContainersNotReady", unready),
			cond(ContainerInstanceCreated, "False", t0, "Creating"),
		},
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Errorf("(-want +got):\n%s", d)
	}
}

func TestRunning(t *testing.T) {
	g := group(eci.StatusRunning, running(t1))
	g.Containers[0].ImageID = "sha256:1"
	g.IPv6Address = "fd00::5"
	pod := coffeePod()
	pod.Status = Waiting(pod, "", "", facts(t0))
	pod.Status.Conditions = append(pod.Status.Conditions, corev1.PodCondition{Type: "somebody.else/s", Status: "True"})
	got := PodStatus(pod, g, facts(t2))
	want := corev1.PodStatus{
		ObservedGeneration: 3,
		Phase:              corev1.PodRunning,
		HostIP:             "10.0.0.9",
		HostIPs:            []corev1.HostIP{{IP: "10.0.0.9"}},
		PodIP:              "10.1.0.5",
		PodIPs:             []corev1.PodIP{{IP: "10.1.0.5"}, {IP: "fd00::5"}},
		StartTime:          ptr(at(t0)),
		QOSClass:           corev1.PodQOSBurstable,
		ContainerStatuses: []corev1.ContainerStatus{{
			Name: "app", Image: "coffee:1", ImageID: "sha256:1", ContainerID: "eci://eci-1/app", Ready: true, Started: ptr(true),
			State: corev1.ContainerState{Running: &corev1.ContainerStateRunning{StartedAt: at(t1)}},
		}},
		Conditions: []corev1.PodCondition{
			cond(corev1.PodScheduled, "True", t0),
			cond(corev1.PodReadyToStartContainers, "True", t2),
			cond(corev1.PodInitialized, "True", t0),
			cond(corev1.ContainersReady, "True", t2),
			cond(corev1.PodReady, "True", t2),
			cond(ContainerInstanceCreated, "True", t2),
			{Type: "somebody.else/s", Status: "True"},
		},
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Errorf("(-want +got):\n%s", d)
	}
	pod.Status = got
	if d := cmp.Diff(got, PodStatus(pod, g, facts(t3))); d != "" {
		t.Errorf("the same group gives another status (-first +second):\n%s", d)
	}
}

func TestSucceeded(t *testing.T) {
	g := group(eci.StatusSucceeded, ended(0, t0, t1))
	g.SucceededTime = t1
	pod := coffeePod()
	live(t, pod, group(eci.StatusRunning, running(t0)), g)
	want := corev1.PodStatus{
		ObservedGeneration: 3,
		Phase:              corev1.PodSucceeded,
		HostIP:             "10.0.0.9",
		HostIPs:            []corev1.HostIP{{IP: "10.0.0.9"}},
		PodIP:              "10.1.0.5",
		PodIPs:             []corev1.PodIP{{IP: "10.1.0.5"}},
		StartTime:          ptr(at(t0)),
		QOSClass:           corev1.PodQOSBurstable,
		ContainerStatuses: []corev1.ContainerStatus{{
			Name: "app", Image: "coffee:1", ContainerID: "eci://eci-1/app", Started: ptr(false),
			State: corev1.ContainerState{Terminated: &corev1.ContainerStateTerminated{Reason: "Completed", StartedAt: at(t0), FinishedAt: at(t1), ContainerID: "eci://eci-1/app"}},
		}},
		Conditions: []corev1.PodCondition{
			cond(corev1.PodScheduled, "True", t0),
			cond(corev1.PodReadyToStartContainers, "False", t1),
			cond(corev1.PodInitialized, "True", t0, "PodCompleted"),
			cond(corev1.ContainersReady, "False", t1, "PodCompleted"),
			cond(corev1.PodReady, "False", t1, "PodCompleted"),
			cond(ContainerInstanceCreated, "True", t0),
		},
	}
	if d := cmp.Diff(want, pod.Status); d != "" {
		t.Errorf("(-want +got):\n%s", d)
	}
}

func TestWaitingForWhatThePodNames(t *testing.T) {
	got := Waiting(coffeePod(), "CreateContainerConfigError", `secret "till" not found`, facts(t0))
	w := got.ContainerStatuses[0].State.Waiting
	if w == nil || w.Reason != "CreateContainerConfigError" || w.Message != `secret "till" not found` {
		t.Errorf("the container waits for %+v", w)
	}
	created := condition(&got, ContainerInstanceCreated)
	if created.Status != "False" || created.Reason != "CreateContainerConfigError" || got.Phase != corev1.PodPending {
		t.Errorf("phase %s, condition %+v", got.Phase, created)
	}
	pod := coffeePod()
	pod.Status = got
	if again := Waiting(pod, "", "", facts(t1)); again.ContainerStatuses[0].State.Waiting.Reason != "ContainerCreating" {
		t.Errorf("the old reason stays: %+v", again.ContainerStatuses[0].State.Waiting)
	}
}

func TestFailedBeforeItRan(t *testing.T) {
	ended := corev1.ContainerState{Terminated: &corev1.ContainerStateTerminated{ExitCode: 137, Reason: "ContainerStatusUnknown",
		Message: "The container's end was not seen: its container group has ended", FinishedAt: at(t1)}}
	waiting := func(reason, message string) corev1.ContainerState {
		return corev1.ContainerState{Waiting: &corev1.ContainerStateWaiting{Reason: reason, Message: message}}
	}
	noStock := eci.Group{ID: "eci-1", Status: eci.StatusScheduleFailed, Events: []eci.Event{{Type: "Warning", Reason: "NoStock", Message: "sold out"}}}
	fast := facts(t1)
	fast.FailFast = true
	for name, tc := range map[string]struct {
		got                 corev1.PodStatus
		reason, message     string
		container           corev1.ContainerState
		instance, condition string
	}{
		"refused": {
			got: Refused(coffeePod(), "Unsupported", "spec.hostNetwork: no", facts(t1)), reason: "Unsupported", message: "spec.hostNetwork: no",
			container: waiting("Unsupported", "spec.hostNetwork: no"), instance: "False", condition: "Unsupported",
		},
		"group without stock": {
			got: PodStatus(coffeePod(), noStock, fast), reason: "ContainerInstanceScheduleFailed", message: "sold out",
			container: waiting("ContainerInstanceScheduleFailed", "sold out"), instance: "False", condition: "NoStock",
		},
		"vanished":        {got: Vanished(coffeePod(), "eci-1", facts(t1)), reason: "NotFound", message: "container group eci-1 does not exist any more", container: ended},
		"schedule failed": {got: ScheduleFailed(coffeePod(), "OperationDenied.NoStock", "sold out", facts(t1)), reason: "ContainerInstanceScheduleFailed", message: "sold out", container: waiting("ContainerInstanceScheduleFailed", "sold out"), instance: "False", condition: "OperationDenied.NoStock"},
	} {
		if tc.got.Phase != corev1.PodFailed || tc.got.Reason != tc.reason || tc.got.Message != tc.message {
			t.Errorf("%s: %s, %q, %q", name, tc.got.Phase, tc.got.Reason, tc.got.Message)
		}
		if d := cmp.Diff(tc.container, tc.got.ContainerStatuses[0].State); d != "" {
			t.Errorf("%s: container (-want +got):\n%s", name, d)
		}
		if ready := condition(&tc.got, corev1.PodReady); ready.Status != "False" || ready.Reason != "PodFailed" {
			t.Errorf("%s: Ready is %+v", name, ready)
		}
		if c := condition(&tc.got, ContainerInstanceCreated); c != nil && (string(c.Status) != tc.instance || c.Reason != tc.condition) {
			t.Errorf("%s: ContainerInstanceCreated is %+v", name, c)
		}
	}
}

func TestVanishedWhileRunning(t *testing.T) {
	pod := coffeePod()
	live(t, pod, group(eci.StatusRunning, running(t0)))
	got := Vanished(pod, "eci-1", facts(t3))
	want := corev1.ContainerState{Terminated: &corev1.ContainerStateTerminated{ExitCode: 137, Reason: "ContainerStatusUnknown",
		Message: "The container's end was not seen: its container group has ended", StartedAt: at(t0), FinishedAt: at(t3), ContainerID: "eci://eci-1/app"}}
	if d := cmp.Diff(want, got.ContainerStatuses[0].State); d != "" {
		t.Errorf("container (-want +got):\n%s", d)
	}
	if got.PodIP != "10.1.0.5" || condition(&got, corev1.PodReadyToStartContainers).Status != "False" {
		t.Errorf("PodIP %q, %+v", got.PodIP, condition(&got, corev1.PodReadyToStartContainers))
	}
}

func TestEndedStaysEnded(t *testing.T) {
	pod := coffeePod()
	ended := live(t, pod, group(eci.StatusRunning, running(t0)), group(eci.StatusSucceeded, ended(0, t0, t1)))
	for name, got := range map[string]corev1.PodStatus{
		"vanished": Vanished(pod, "eci-1", facts(t3)),
		"failed":   Failed(pod, "X", "y", facts(t3)),
		"same":     PodStatus(pod, group(eci.StatusSucceeded, eci.ContainerState{State: "Terminated", StartTime: t0, FinishTime: t1}), facts(t3)),
		"late":     PodStatus(pod, group(eci.StatusRunning, running(t0)), facts(t3)),
	} {
		if d := cmp.Diff(ended, got); d != "" {
			t.Errorf("%s (-before +after):\n%s", name, d)
		}
	}
	later := PodStatus(pod, group(eci.StatusExpired, eci.ContainerState{}), facts(t3))
	if later.Phase != corev1.PodSucceeded || later.Reason != "" {
		t.Errorf("an expired group turns a succeeded pod to %s, %q", later.Phase, later.Reason)
	}
}

func TestStartTimeIsSetOnce(t *testing.T) {
	pod := coffeePod()
	start := metav1.NewTime(t0.Add(-1))
	pod.Status.StartTime = &start
	if got := live(t, pod, group(eci.StatusPending, waiting("")), group(eci.StatusRunning, running(t1))); !got.StartTime.Equal(&start) {
		t.Errorf("start time %v", got.StartTime)
	}
}

func TestAddressStays(t *testing.T) {
	pod := coffeePod()
	silent := group(eci.StatusRunning, running(t0))
	silent.IntranetIP = ""
	got := live(t, pod, group(eci.StatusRunning, running(t0)), silent)
	if got.PodIP != "10.1.0.5" || len(got.PodIPs) != 1 {
		t.Errorf("addresses %q, %v", got.PodIP, got.PodIPs)
	}
}
