package demo

import (
	"maps"
	"testing"
)

// list is what kubectl prints of a revision with a reserve, one that serves, and
// one that was replaced.
const list = `{"apiVersion": "v1", "kind": "List", "items": [
  {"metadata": {"name": "idle-1", "labels": {"ebb-node.github.io/reserve-of": "idle"}, "annotations": {"spec": "small"}},
   "status": {"conditions": [{"type": "Initialized", "status": "True"}, {"type": "Ready", "status": "True"}]}},
  {"metadata": {"name": "idle-2", "labels": {"serving.knative.dev/revision": "idle"}, "deletionTimestamp": "2026-03-01T10:00:00Z"},
   "status": {"conditions": [{"type": "Ready", "status": "True"}]}},
  {"metadata": {"name": "busy-1", "labels": {"serving.knative.dev/revision": "busy"}},
   "status": {"conditions": [{"type": "Ready", "status": "True"}]}},
  {"metadata": {"name": "busy-2", "labels": {"serving.knative.dev/revision": "busy"}},
   "status": {"conditions": [{"type": "Ready", "status": "False"}]}},
  {"metadata": {"name": "busy-3", "labels": {"ebb-node.github.io/reserve-of": "busy"}, "deletionTimestamp": "2026-03-01T10:00:00Z"}},
  {"metadata": {"name": "old-1", "labels": {"serving.knative.dev/revision": "old"}, "deletionTimestamp": "2026-03-01T10:00:00Z"}}
]}`

func TestPods(t *testing.T) {
	pods, err := podsOf(list)
	if err != nil || len(pods) != 6 {
		t.Fatalf("%d pods, %v", len(pods), err)
	}
	if pods[0].name != "idle-1" || pods[0].annotations["spec"] != "small" {
		t.Errorf("first is %+v", pods[0])
	}
	if got, want := readyPods(pods), map[string]int{"busy": 1}; !maps.Equal(got, want) {
		t.Errorf("ready are %v, want %v", got, want)
	}
	for _, c := range []struct {
		revision               string
		asleep, awake, retired bool
	}{
		{"idle", true, false, false},
		{"busy", false, true, false},
		{"old", false, false, true},
	} {
		if asleep(pods, c.revision) != c.asleep || awake(pods, c.revision) != c.awake || retired(pods, c.revision) != c.retired {
			t.Errorf("%s: asleep %v, awake %v, retired %v", c.revision, asleep(pods, c.revision), awake(pods, c.revision), retired(pods, c.revision))
		}
	}
	if asleep(pods, "idle", "busy") {
		t.Error("both are asleep, though one is not")
	}
	// A reserve that starts or a standard pod beside it is no sleep.
	for _, p := range []pod{{revision: "idle"}, {revision: "idle", reserve: true}} {
		if asleep(append(pods, p), "idle") {
			t.Errorf("asleep with %+v beside it", p)
		}
	}
	if _, err := podsOf("No resources found"); err == nil {
		t.Error("no error for what is no list")
	}
}
