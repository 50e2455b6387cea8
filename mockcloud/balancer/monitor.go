package balancer

import (
	"context"
	"sync"

	kclock "k8s.io/utils/clock"
)

// monitor probes one member at intervals until it is stopped.
type monitor struct {
	member Member
	check  HealthCheck
	probe  func(context.Context, HealthCheck, Member) error
	clock  kclock.WithDelayedExecution
	fell   func(memberKey) // called when the member becomes abnormal

	cancel context.CancelFunc
	done   chan struct{}

	mu      sync.Mutex
	verdict verdict
}

// start begins with a probe at once.
func (m *monitor) start() {
	var ctx context.Context
	ctx, m.cancel = context.WithCancel(context.Background())
	m.done = make(chan struct{})
	m.verdict = verdict{status: StatusUnavailable}
	go m.run(ctx)
}

// stop ends the probing; a probe under way is given up.
func (m *monitor) stop() {
	m.cancel()
	<-m.done
}

func (m *monitor) run(ctx context.Context) {
	defer close(m.done)
	for {
		err := m.probe(ctx, m.check, m.member)
		if ctx.Err() != nil {
			return
		}
		if m.observe(err == nil) {
			m.fell(keyOf(m.member))
		}
		timer := m.clock.NewTimer(m.check.Interval)
		select {
		case <-ctx.Done():
			timer.Stop()
			return
		case <-timer.C():
		}
	}
}

// observe takes a result and reports whether the member became abnormal.
func (m *monitor) observe(passed bool) bool {
	m.mu.Lock()
	defer m.mu.Unlock()
	before := m.verdict.status
	m.verdict = m.verdict.after(passed, m.check)
	return before != StatusAbnormal && m.verdict.status == StatusAbnormal
}

func (m *monitor) status() Status {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.verdict.status
}
