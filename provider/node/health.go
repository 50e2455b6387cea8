package node

import (
	"sync"
	"time"

	"k8s.io/utils/clock"

	"github.com/ebb-node/ebb/eci"
)

// Reasons of the node's conditions while something is wrong.
const (
	ReasonStarting           = "Starting"
	ReasonCloudUnreachable   = "CloudUnreachable"
	ReasonInvalidCredentials = "InvalidCredentials"
	ReasonNotPermitted       = "NotPermitted"
	ReasonInvalidRequest     = "InvalidConfiguration"
	ReasonCloudError         = "CloudError"
)

// Health is what is known of the cloud: whether it answers, and whether the
// node has ever worked.
type Health struct {
	clock  clock.PassiveClock
	change chan struct{}

	mu     sync.Mutex
	worked bool
	err    error
	since  time.Time // of the present state
}

// State is a Health at one time.
type State struct {
	// Worked says that the node was ready before.
	Worked bool
	// Reason is empty while all is well.
	Reason  string
	Message string
	Since   time.Time
}

// NewHealth returns the health of a node that is starting and, as far as is known,
// has never worked; Inherit says otherwise.
func NewHealth(c clock.PassiveClock) *Health {
	return &Health{clock: c, change: make(chan struct{}, 1), err: errStarting, since: c.Now()}
}

type startingError struct{}

func (startingError) Error() string { return "ebb is starting" }

var errStarting error = startingError{}

// Observe takes note of how a call went that needs the cloud, the credentials
// and the settings to be right.
func (h *Health) Observe(err error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	changed := reasonOf(err) != reasonOf(h.err)
	h.worked = h.worked || err == nil
	h.err = err
	if changed {
		h.since = h.clock.Now()
		h.changed()
	}
}

// Inherit says that the node was ready before this process: it has pods that
// run and must not be evicted because the cloud does not answer now.
func (h *Health) Inherit() {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.worked = true
	h.changed()
}

func (h *Health) changed() {
	select {
	case h.change <- struct{}{}:
	default:
	}
}

// Get returns the present state.
func (h *Health) Get() State {
	h.mu.Lock()
	defer h.mu.Unlock()
	s := State{Worked: h.worked, Reason: reasonOf(h.err), Since: h.since}
	if h.err != nil {
		s.Message = h.err.Error()
	}
	return s
}

func reasonOf(err error) string {
	switch {
	case err == nil:
		return ""
	case err == errStarting:
		return ReasonStarting
	case eci.IsUnreachable(err):
		return ReasonCloudUnreachable
	case eci.IsCredential(err):
		return ReasonInvalidCredentials
	case eci.IsPermission(err):
		return ReasonNotPermitted
	case eci.IsInvalid(err):
		return ReasonInvalidRequest
	}
	return ReasonCloudError
}
