package runc

import (
	"testing"

	"github.com/ebb-node/ebb/mockcloud/runtime"
)

func statuses(states ...string) []runtime.ContainerStatus {
	kinds := map[string]runtime.ContainerStatus{
		"new":  {Current: runtime.ContainerState{State: waiting}},
		"run":  {Current: runtime.ContainerState{State: running}},
		"ok":   {Current: runtime.ContainerState{State: terminated}},
		"fail": {Current: runtime.ContainerState{State: terminated, ExitCode: 3}},
		"loop": {
			Current:  runtime.ContainerState{State: waiting, Reason: reasonCrashLoop},
			Previous: runtime.ContainerState{State: terminated, ExitCode: 3},
		},
	}
	var all []runtime.ContainerStatus
	for _, s := range states {
		all = append(all, kinds[s])
	}
	return all
}

func TestPhase(t *testing.T) {
	tests := []struct {
		name   string
		policy string
		ended  bool
		init   []string
		apps   []string
		want   runtime.Phase
	}{
		{"nothing started", restartAlways, false, nil, []string{"new", "new"}, runtime.Pending},
		{"one of two started", restartAlways, false, nil, []string{"run", "new"}, runtime.Pending},
		{"all run", restartAlways, false, nil, []string{"run", "run"}, runtime.Running},
		{"init runs", restartAlways, false, []string{"ok", "run"}, []string{"new"}, runtime.Pending},
		{"init failed, tried again", restartAlways, false, []string{"loop"}, []string{"new"}, runtime.Pending},
		{"init failed for good", restartNever, false, []string{"fail"}, []string{"new"}, runtime.Failed},
		{"init done", restartNever, false, []string{"ok"}, []string{"run"}, runtime.Running},
		{"crash loop", restartAlways, false, nil, []string{"loop"}, runtime.Running},
		{"all ended well but are restarted", restartAlways, false, nil, []string{"ok"}, runtime.Running},
		{"all ended well", restartOnFailure, false, nil, []string{"ok", "ok"}, runtime.Succeeded},
		{"one of two ended", restartNever, false, nil, []string{"fail", "run"}, runtime.Running},
		{"failure is restarted", restartOnFailure, false, nil, []string{"ok", "fail"}, runtime.Running},
		{"failure is final", restartNever, false, nil, []string{"ok", "fail"}, runtime.Failed},
		{"stopped well", restartAlways, true, nil, []string{"ok"}, runtime.Succeeded},
		{"stopped badly", restartAlways, true, nil, []string{"ok", "fail"}, runtime.Failed},
		{"stopped before the start", restartAlways, true, nil, []string{"new"}, runtime.Failed},
		{"stopped in init", restartAlways, true, []string{"fail"}, []string{"ok"}, runtime.Failed},
		{"stopping", restartAlways, true, nil, []string{"ok", "run"}, runtime.Running},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			if got := phaseOf(test.policy, test.ended, statuses(test.init...), statuses(test.apps...)); got != test.want {
				t.Errorf("phase %s, want %s", got, test.want)
			}
		})
	}
}

func TestShouldRestart(t *testing.T) {
	tests := []struct {
		policy string
		init   bool
		code   int
		want   bool
	}{
		{restartAlways, false, 0, true},
		{restartAlways, false, 1, true},
		{restartAlways, true, 0, false},
		{restartAlways, true, 1, true},
		{restartOnFailure, false, 0, false},
		{restartOnFailure, false, 1, true},
		{restartNever, false, 0, false},
		{restartNever, false, 1, false},
		{restartNever, true, 1, false},
	}
	for _, test := range tests {
		if got := shouldRestart(test.policy, test.init, test.code); got != test.want {
			t.Errorf("%+v: %v", test, got)
		}
	}
}

func TestReportsComeInOrderAndEndWithTheGroup(t *testing.T) {
	reports := make(chan runtime.Status, 10)
	group := runtime.Group{RestartPolicy: restartNever, Containers: []runtime.Container{{Name: "main"}}}
	r := newReporter(group, func(s runtime.Status) { reports <- s })
	state := func(s string) func(*runtime.Status) {
		return func(status *runtime.Status) { status.Containers[0].Current.State = s }
	}
	r.update(normal(eventPulling, "x"), nil)
	r.update(nil, nil) // nothing new
	r.update(nil, state(running))
	r.update(nil, state(terminated))
	r.update(normal(eventKilling, "too late"), nil)
	for i, want := range []runtime.Phase{runtime.Pending, runtime.Running, runtime.Succeeded} {
		if got := <-reports; got.Phase != want {
			t.Errorf("report %d: phase %s, want %s", i, got.Phase, want)
		}
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if len(r.queue) != 0 || len(reports) != 0 {
		t.Errorf("reports after the last phase: %v", r.queue)
	}
}
