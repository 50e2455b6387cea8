package runc

import (
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/ebb-node/ebb/mockcloud/runtime"
)

// watcher collects what a group reports.
type watcher struct {
	testing.TB
	mu      sync.Mutex
	all     []runtime.Status
	changed chan struct{}
}

func (w *watcher) observe(s runtime.Status) {
	w.mu.Lock()
	w.all = append(w.all, s)
	w.mu.Unlock()
	select {
	case w.changed <- struct{}{}:
	default:
	}
}

// history is all that was reported so far.
func (w *watcher) history() []runtime.Status {
	w.mu.Lock()
	defer w.mu.Unlock()
	return append([]runtime.Status{}, w.all...)
}

// until waits for a report, of those so far or later.
func (w *watcher) until(what string, ok func(runtime.Status) bool) runtime.Status {
	w.Helper()
	timeout := time.After(patience)
	for {
		for _, s := range w.history() {
			if ok(s) {
				return s
			}
		}
		select {
		case <-w.changed:
		case <-timeout:
			w.Fatalf("never %s; reported was:\n%s", what, describe(w.history()))
		}
	}
}

// running waits until the first container runs.
func (w *watcher) running() runtime.Status {
	w.Helper()
	return w.until("running", func(s runtime.Status) bool { return s.Containers[0].Current.State == running })
}

// events are the reasons of the events so far.
func (w *watcher) events() []string {
	var reasons []string
	for _, s := range w.history() {
		if s.Event != nil {
			reasons = append(reasons, s.Event.Reason)
		}
	}
	return reasons
}

// forget drops what was reported so far but for the last report.
func (w *watcher) forget() {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.all = w.all[len(w.all)-1:]
}

// untilLog waits until a container has written a text.
func (w *watcher) untilLog(b *bench, id, container, text string) {
	w.Helper()
	poll(w.TB, "log has "+text, func() bool { return strings.Contains(b.log(id, container), text) })
}

// poll waits for what nobody reports.
func poll(t testing.TB, what string, ok func() bool) {
	t.Helper()
	for end := time.Now().Add(patience); !ok(); <-time.After(2 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatalf("never: %s", what)
		}
	}
}
