package status

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	corev1 "k8s.io/api/core/v1"

	"github.com/ebb-node/ebb/eci"
)

func TestContainerStates(t *testing.T) {
	terminated := func(s corev1.ContainerStateTerminated) corev1.ContainerState {
		s.ContainerID = "eci://eci-1/app"
		return corev1.ContainerState{Terminated: &s}
	}
	for name, tc := range map[string]struct {
		told    eci.ContainerState
		want    corev1.ContainerState
		started bool
	}{
		"waiting":           {told: eci.ContainerState{State: "Waiting", Reason: "ImagePullBackOff", Message: "no such image"}, want: corev1.ContainerState{Waiting: &corev1.ContainerStateWaiting{Reason: "ImagePullBackOff", Message: "no such image"}}},
		"waiting, unsaid":   {told: waiting(""), want: corev1.ContainerState{Waiting: &corev1.ContainerStateWaiting{Reason: "ContainerCreating"}}},
		"unknown":           {told: eci.ContainerState{}, want: corev1.ContainerState{Waiting: &corev1.ContainerStateWaiting{Reason: "ContainerCreating"}}},
		"running":           {told: running(t1), want: corev1.ContainerState{Running: &corev1.ContainerStateRunning{StartedAt: at(t1)}}, started: true},
		"completed":         {told: ended(0, t0, t1), want: terminated(corev1.ContainerStateTerminated{Reason: "Completed", StartedAt: at(t0), FinishedAt: at(t1)})},
		"failed":            {told: ended(3, t0, t1), want: terminated(corev1.ContainerStateTerminated{ExitCode: 3, Reason: "Error", StartedAt: at(t0), FinishedAt: at(t1)})},
		"killed":            {told: eci.ContainerState{State: "Terminated", Signal: 9}, want: terminated(corev1.ContainerStateTerminated{Signal: 9, Reason: "Error"})},
		"reason is kept":    {told: eci.ContainerState{State: "Terminated", ExitCode: 137, Reason: "OOMKilled", Message: "m"}, want: terminated(corev1.ContainerStateTerminated{ExitCode: 137, Reason: "OOMKilled", Message: "m"})},
		"parts of a second": {told: running(t1.Add(999)), want: corev1.ContainerState{Running: &corev1.ContainerStateRunning{StartedAt: at(t1)}}, started: true},
	} {
		got := PodStatus(coffeePod(), group(eci.StatusPending, tc.told), facts(t2)).ContainerStatuses[0]
		if d := cmp.Diff(tc.want, got.State); d != "" {
			t.Errorf("%s (-want +got):\n%s", name, d)
		}
		if *got.Started != tc.started || got.Ready != tc.started {
			t.Errorf("%s: started %v, ready %v", name, *got.Started, got.Ready)
		}
	}
}

func TestStartedIsTheClouds(t *testing.T) {
	g := group(eci.StatusRunning, running(t0))
	g.Containers[0].Started = ptr(false)
	if got := PodStatus(coffeePod(), g, facts(t1)).ContainerStatuses[0]; *got.Started {
		t.Error("started although the cloud says no")
	}
}

func TestReadyNeedsRunning(t *testing.T) {
	g := group(eci.StatusRunning, ended(0, t0, t1))
	g.Containers[0].Ready = true
	if got := PodStatus(coffeePod(), g, facts(t1)).ContainerStatuses[0]; got.Ready {
		t.Error("a container that has ended is ready")
	}
}

func TestRestarts(t *testing.T) {
	crash := corev1.ContainerState{Terminated: &corev1.ContainerStateTerminated{ExitCode: 1, Reason: "Error", StartedAt: at(t0), FinishedAt: at(t1), ContainerID: "eci://eci-1/app"}}
	again := func(count int32, now, before eci.ContainerState) eci.Group {
		g := group(eci.StatusRunning, now)
		g.Containers[0].RestartCount, g.Containers[0].Previous = count, before
		return g
	}
	first := group(eci.StatusRunning, running(t0))
	for name, tc := range map[string]struct {
		groups []eci.Group
		count  int32
		last   corev1.ContainerState
	}{
		"the cloud tells the last state": {groups: []eci.Group{first, again(1, running(t2), ended(1, t0, t1))}, count: 1, last: crash},
		"it was seen before":             {groups: []eci.Group{first, group(eci.StatusRunning, ended(1, t0, t1)), again(1, running(t2), eci.ContainerState{})}, count: 1, last: crash},
		"it is remembered":               {groups: []eci.Group{again(1, running(t2), ended(1, t0, t1)), again(1, running(t2), eci.ContainerState{})}, count: 1, last: crash},
		"counts don't fall":              {groups: []eci.Group{again(4, running(t2), ended(1, t0, t1)), again(0, running(t2), eci.ContainerState{})}, count: 4, last: crash},
		"no restart, no last state":      {groups: []eci.Group{first, group(eci.StatusRunning, ended(1, t0, t1))}, count: 0},
		"crash loop":                     {groups: []eci.Group{first, again(2, waiting("CrashLoopBackOff"), ended(1, t0, t1))}, count: 2, last: crash},
	} {
		got := live(t, coffeePod(), tc.groups...).ContainerStatuses[0]
		if got.RestartCount != tc.count {
			t.Errorf("%s: %d restarts, want %d", name, got.RestartCount, tc.count)
		}
		if d := cmp.Diff(tc.last, got.LastTerminationState); d != "" {
			t.Errorf("%s: last state (-want +got):\n%s", name, d)
		}
	}
}

func TestWhatIsNotToldStays(t *testing.T) {
	first := group(eci.StatusRunning, running(t0))
	first.Containers[0].ImageID = "sha256:1"
	silent := group(eci.StatusRunning, eci.ContainerState{})
	missing := group(eci.StatusRunning, running(t0))
	missing.Containers = nil
	noImage := group(eci.StatusRunning, running(t0))
	for name, g := range map[string]eci.Group{"state": silent, "container": missing, "image": noImage} {
		got := live(t, coffeePod(), first, g).ContainerStatuses[0]
		if got.State.Running == nil || got.ImageID != "sha256:1" || got.ContainerID != "eci://eci-1/app" {
			t.Errorf("%s is not told: %+v", name, got)
		}
	}
}

func TestContainersInThePodsOrder(t *testing.T) {
	pod := coffeePod()
	pod.Spec.Containers = []corev1.Container{{Name: "b"}, {Name: "a"}, {Name: "c"}}
	g := eci.Group{ID: "eci-1", Status: eci.StatusPending, Containers: []eci.ContainerStatus{{Name: "a", Current: running(t0)}, {Name: "b", Current: running(t0)}, {Name: "extra", Current: running(t0)}}}
	var names []string
	for _, c := range PodStatus(pod, g, facts(t1)).ContainerStatuses {
		names = append(names, c.Name)
	}
	if d := cmp.Diff([]string{"b", "a", "c"}, names); d != "" {
		t.Errorf("(-want +got):\n%s", d)
	}
}

// initPod has an init container, a sidecar and an app.
func initPod() *corev1.Pod {
	pod := coffeePod()
	pod.Spec.InitContainers = []corev1.Container{{Name: "init"}, {Name: "proxy", RestartPolicy: ptr(corev1.ContainerRestartPolicyAlways)}}
	return pod
}

func initGroup(s eci.Status, init, proxy, app eci.ContainerState) eci.Group {
	g := group(s, app)
	g.InitContainers = []eci.ContainerStatus{{Name: "init", Current: init}}
	g.Containers = append(g.Containers, eci.ContainerStatus{Name: "proxy", Ready: proxy.State == "Running", Current: proxy})
	return g
}

func TestInitContainers(t *testing.T) {
	type row struct {
		Init, Proxy, App string // state, with * when ready
		Initialized      string
		Message          string
		Ready            string
	}
	show := func(c corev1.ContainerStatus) string {
		s := "?"
		switch {
		case c.State.Waiting != nil:
			s = c.State.Waiting.Reason
		case c.State.Running != nil:
			s = "Running"
		case c.State.Terminated != nil:
			s = c.State.Terminated.Reason
		}
		if c.Ready {
			s += "*"
		}
		return s
	}
	for name, tc := range map[string]struct {
		group eci.Group
		want  row
	}{
		"nothing yet": {initGroup(eci.StatusPending, waiting(""), waiting(""), waiting("")),
			row{"PodInitializing", "PodInitializing", "PodInitializing", "False", "containers with incomplete status: [init proxy]", "False"}},
		"init runs": {initGroup(eci.StatusPending, running(t0), waiting(""), waiting("")),
			row{"Running", "PodInitializing", "PodInitializing", "False", "containers with incomplete status: [init proxy]", "False"}},
		"init failed": {initGroup(eci.StatusPending, ended(1, t0, t1), waiting(""), waiting("")),
			row{"Error", "PodInitializing", "PodInitializing", "False", "containers with incomplete status: [init proxy]", "False"}},
		"init done": {initGroup(eci.StatusPending, ended(0, t0, t1), waiting(""), waiting("")),
			row{"Completed*", "PodInitializing", "PodInitializing", "False", "containers with incomplete status: [proxy]", "False"}},
		"sidecar runs": {initGroup(eci.StatusPending, ended(0, t0, t1), running(t1), waiting("")),
			row{"Completed*", "Running*", "PodInitializing", "True", "", "False"}},
		"all run": {initGroup(eci.StatusRunning, ended(0, t0, t1), running(t1), running(t1)),
			row{"Completed*", "Running*", "Running*", "True", "", "True"}},
		"sidecar is down": {initGroup(eci.StatusRunning, ended(0, t0, t1), waiting("CrashLoopBackOff"), running(t1)),
			row{"Completed*", "CrashLoopBackOff", "Running*", "True", "", "False"}},
	} {
		got := PodStatus(initPod(), tc.group, facts(t2))
		initialized := condition(&got, corev1.PodInitialized)
		r := row{show(got.InitContainerStatuses[0]), show(got.InitContainerStatuses[1]), show(got.ContainerStatuses[0]),
			string(initialized.Status), initialized.Message, string(condition(&got, corev1.PodReady).Status)}
		if d := cmp.Diff(tc.want, r); d != "" {
			t.Errorf("%s (-want +got):\n%s", name, d)
		}
	}
}

func TestFailedPodHasNothingRunning(t *testing.T) {
	pod := initPod()
	got := live(t, pod, initGroup(eci.StatusRunning, ended(0, t0, t1), running(t1), running(t1)), initGroup(eci.StatusExpired, ended(0, t0, t1), running(t1), running(t1)))
	for _, list := range [][]corev1.ContainerStatus{got.InitContainerStatuses, got.ContainerStatuses} {
		for _, c := range list {
			if c.State.Terminated == nil || *c.Started {
				t.Errorf("%s: %+v", c.Name, c)
			}
		}
	}
	if got.InitContainerStatuses[0].State.Terminated.Reason != "Completed" {
		t.Errorf("a seen end was overwritten: %+v", got.InitContainerStatuses[0].State.Terminated)
	}
}
