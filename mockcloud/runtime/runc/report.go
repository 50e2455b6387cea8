package runc

import (
	"slices"
	"sync"

	"github.com/ebb-node/ebb/mockcloud/runtime"
)

// reporter keeps a group's status and tells its observer of every change, in
// order and one call at a time, without holding a lock.
type reporter struct {
	policy  string
	observe func(runtime.Status)

	mu     sync.Mutex
	status runtime.Status
	reason string // why the group fails, if it was made to
	detail string
	ended  bool // nothing will be started any more
	closed bool // the observer is told nothing more
	queue  []runtime.Status
	busy   bool // a goroutine delivers the queue
}

func newReporter(g runtime.Group, observe func(runtime.Status)) *reporter {
	r := &reporter{policy: g.RestartPolicy, observe: observe}
	r.status.Phase = runtime.Pending
	reason := reasonCreating
	if len(g.InitContainers) > 0 {
		reason = reasonInitializing
	}
	for _, c := range g.InitContainers {
		r.status.InitContainers = append(r.status.InitContainers, waitingStatus(c.Name, reason))
	}
	for _, c := range g.Containers {
		r.status.Containers = append(r.status.Containers, waitingStatus(c.Name, reason))
	}
	return r
}

func waitingStatus(name, reason string) runtime.ContainerStatus {
	return runtime.ContainerStatus{Name: name, Current: runtime.ContainerState{State: waiting, Reason: reason}}
}

// update changes the status and reports it if it differs or has an event.
func (r *reporter) update(event *runtime.Event, change func(*runtime.Status)) {
	r.mu.Lock()
	defer r.mu.Unlock()
	before := r.snapshot()
	if change != nil {
		change(&r.status)
	}
	if !final(r.status.Phase) {
		r.status.Phase = phaseOf(r.policy, r.ended, r.status.InitContainers, r.status.Containers)
		if final(r.status.Phase) && r.reason != "" {
			r.status.Phase, r.status.Reason, r.status.Message = runtime.Failed, r.reason, r.detail
		}
	}
	if event == nil && sameStatus(before, r.status) {
		return
	}
	report := r.snapshot()
	report.Event = event
	r.enqueue(report, final(before.Phase))
}

// fail says why the group will be a failure once its containers are over.
func (r *reporter) fail(reason, message string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.reason, r.detail = reason, message
}

// end says that nothing will be started any more.
func (r *reporter) end(change func(*runtime.Status)) {
	r.mu.Lock()
	r.ended = true
	r.mu.Unlock()
	r.update(nil, change)
}

// close drops what has not been told.
func (r *reporter) close() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.closed = true
	r.queue = nil
}

func (r *reporter) snapshot() runtime.Status {
	s := r.status
	s.InitContainers = slices.Clone(s.InitContainers)
	s.Containers = slices.Clone(s.Containers)
	return s
}

func (r *reporter) enqueue(s runtime.Status, over bool) {
	if r.closed || over {
		return
	}
	r.queue = append(r.queue, s)
	if !r.busy {
		r.busy = true
		go r.deliver()
	}
}

func (r *reporter) deliver() {
	for {
		r.mu.Lock()
		if len(r.queue) == 0 {
			r.busy = false
			r.mu.Unlock()
			return
		}
		next := r.queue[0]
		r.queue = r.queue[1:]
		r.mu.Unlock()
		r.observe(next)
	}
}

func sameStatus(a, b runtime.Status) bool {
	return a.Phase == b.Phase && a.Reason == b.Reason && a.Message == b.Message &&
		slices.Equal(a.InitContainers, b.InitContainers) && slices.Equal(a.Containers, b.Containers)
}
