package relay

import (
	"context"
	"errors"
	"io"
	"net/http"
	"syscall"
	"time"

	"k8s.io/utils/clock"
)

// How much trouble a request puts up with before anything was sent.
const (
	// patience is how long a request waits for an address: pods and the
	// activator take turns in Kubernetes' lists, which may be empty between
	// the two, and lists may come after the Ingress that needs them.
	patience = 2 * time.Second
	// maxDials bounds the addresses that one request tries.
	maxDials = 5
)

// errNoBackend means that nothing could be connected to.
var errNoBackend = errors.New("no backend answers")

// exchange is one request on its way to a backend. It is a RoundTripper for
// that request alone.
type exchange struct {
	pool       *pool
	transports *transports
	clock      clock.Clock
	tried      []*address
	at         *address    // one of tried; nil: none
	waiting    clock.Timer // started when first needed
}

// RoundTrip sends the request to the first address that can be connected to.
func (x *exchange) RoundTrip(r *http.Request) (*http.Response, error) {
	for range maxDials {
		to, err := x.next(r.Context())
		if err != nil {
			return nil, err
		}
		res, err := x.transports.pick(to, r).RoundTrip(addressed(r, to))
		if err == nil || r.Context().Err() != nil {
			return res, err
		}
		var failed dialError
		unsent := errors.As(err, &failed)
		if unsent || errors.Is(err, syscall.ETIMEDOUT) { // its machine is gone
			to.suspect.Store(x.clock.Now().Add(suspicion).UnixNano())
		}
		if !unsent {
			return nil, err
		}
	}
	return nil, errNoBackend
}

// next is an address that has not been tried, as soon as there is one.
func (x *exchange) next(ctx context.Context) (*address, error) {
	x.leave()
	for {
		state := x.pool.state.Load()
		if to := state.pick(x.tried, x.clock.Now()); to != nil {
			to.inFlight.Add(1)
			x.at, x.tried = to, append(x.tried, to)
			return to, nil
		}
		if x.waiting == nil {
			x.waiting = x.clock.NewTimer(patience)
		}
		select {
		case <-state.changed:
		case <-ctx.Done():
			return nil, ctx.Err()
		case <-x.waiting.C():
			return nil, errNoBackend
		}
	}
}

// leave ends the request at the address that it is at.
func (x *exchange) leave() {
	if x.at != nil {
		x.at.inFlight.Add(-1)
		x.at = nil
	}
}

// end must be called once, after the answer.
func (x *exchange) end() {
	x.leave()
	if x.waiting != nil {
		x.waiting.Stop()
	}
}

// addressed is the request for one try. A transport closes the body of a
// request that it could not send, and the next try needs it.
func addressed(r *http.Request, to *address) *http.Request {
	try := r.WithContext(r.Context())
	url := *r.URL
	url.Host = to.endpoint
	try.URL = &url
	if r.Body != nil && r.Body != http.NoBody {
		try.Body = io.NopCloser(r.Body)
	}
	return try
}
