package main

import (
	"errors"
	"net/http"
	"sync/atomic"

	"sigs.k8s.io/controller-runtime/pkg/healthz"
)

// readiness says whether this replica can do its part, so that nobody sends
// requests to a relay that does not listen yet. A Manager that runs takes no more
// checks, so there is one from the beginning, which is told later what to ask.
type readiness struct {
	asks atomic.Pointer[healthz.Checker]
}

// newReadiness is ready; Knative, if it is waited for, makes it wait.
func newReadiness() *readiness {
	r := &readiness{}
	r.ask(healthz.Ping)
	return r
}

// ask says what decides from now on.
func (r *readiness) ask(c healthz.Checker) { r.asks.Store(&c) }

// check is the Manager's.
func (r *readiness) check(request *http.Request) error { return (*r.asks.Load())(request) }

// unsearched is the answer until Knative was looked for once: if it is there, the
// relay has to open first.
func unsearched(*http.Request) error { return errors.New("Knative has not been looked for yet") }

// unstarted is the answer of a replica whose relay cannot start.
func unstarted(*http.Request) error {
	return errors.New("the gateway or the reserve cannot start; the log says why")
}
