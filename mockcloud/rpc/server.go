package rpc

import (
	"maps"
	"time"

	"github.com/sirupsen/logrus"
	kclock "k8s.io/utils/clock"
)

// Config of a front door.
type Config struct {
	RegionID    string
	Credentials []Credential
	Products    []Product

	// Clock is the callers' time; nil is the machine's.
	Clock kclock.Clock
	// QuotasLifted switches the call limits off.
	QuotasLifted bool
	// Delays is how long the answer of an action takes.
	Delays map[string]time.Duration
	// Log gets one debug line per call, without parameters; nil is silent.
	Log *logrus.Entry
}

// Server is a front door; it is an http.Handler. Its methods are safe for
// concurrent use.
type Server struct {
	regionID string
	clock    kclock.Clock
	log      *logrus.Entry
	delays   map[string]time.Duration
	versions map[string]product

	auth   *authenticator
	limits *limiter
	calls  *recorder
	faults faults
}

type product struct {
	name    string
	actions map[string]Action
}

// NewServer makes a front door.
func NewServer(c Config) *Server {
	if c.Clock == nil {
		c.Clock = kclock.RealClock{}
	}
	s := &Server{
		regionID: c.RegionID, clock: c.Clock, log: c.Log,
		delays:   maps.Clone(c.Delays),
		versions: map[string]product{},
		auth:     newAuthenticator(c.Clock.Now, c.Credentials),
		limits:   newLimiter(c.Clock.Now, c.QuotasLifted),
		calls:    newRecorder(),
	}
	for _, p := range c.Products {
		actions := map[string]Action{}
		for _, a := range p.Actions {
			actions[a.Name] = a
		}
		s.versions[p.Version] = product{name: p.Name, actions: actions}
	}
	return s
}

// AddCredential lets another key in, or replaces one with the same id.
func (s *Server) AddCredential(c Credential) { s.auth.add(c) }

// LiftQuotas switches all call limits off, or on again with nothing used.
func (s *Server) LiftQuotas(lifted bool) { s.limits.lift(lifted) }

// QuotasLifted reports whether the call limits are off.
func (s *Server) QuotasLifted() bool { return s.limits.isLifted() }

// Calls answers the recorded calls of an action ("" is all), oldest first.
func (s *Server) Calls(action string) []Record { return s.calls.list(action) }

// Counts answers how often each action ended with each code; "" is success.
func (s *Server) Counts() map[string]map[string]int { return s.calls.count() }

// ResetCalls forgets the recorded calls.
func (s *Server) ResetCalls() { s.calls.reset() }

// AddFault has something go wrong from now on and answers it with its id.
func (s *Server) AddFault(f Fault) (Fault, error) { return s.faults.add(f) }

// Faults answers the faults and their hits so far.
func (s *Server) Faults() []Fault { return s.faults.all() }

// RemoveFaults removes the fault with this id ("" is all) and answers how many
// there were.
func (s *Server) RemoveFaults(id string) int { return s.faults.remove(id) }
