package gateway

import (
	"time"

	"github.com/ebb-node/ebb/gateway/ingress"
)

// home is where a route lives for one visibility.
type home struct {
	at int // ordinal of the load balancer; 0: none
	// version of the wish that first had the route as it is; 0: none had.
	version int
	// proved means that the load balancer has shown the route as it is. What
	// changes behind it later, such as pods, does not take that back.
	proved bool
	former []former
}

// former is a load balancer that the route has moved away from.
type former struct {
	at    int
	until time.Time // zero: as long as the new one is not proved
}

// renew forgets proofs because the route has changed.
func (h *home) renew() { h.version, h.proved = 0, false }

// move to another load balancer. The present one serves until the new one
// does, and for a while longer.
func (h *home) move(to int) {
	if h.at != 0 {
		h.former = append(h.former, former{at: h.at})
	}
	for i := range h.former {
		h.former[i].until = time.Time{}
	}
	h.at = to
	h.renew()
}

// settle ends the stay at former load balancers, once the new one is proved
// and the grace is over. It returns when the next one ends; zero: never.
func (h *home) settle(now time.Time, grace time.Duration) (next time.Time) {
	if !h.proved {
		return time.Time{}
	}
	kept := h.former[:0]
	for _, f := range h.former {
		if f.until.IsZero() {
			f.until = now.Add(grace)
		}
		if f.at != h.at && f.until.After(now) {
			kept = append(kept, f)
			next = earlier(next, f.until)
		}
	}
	h.former = kept
	return next
}

// serves reports whether the route is on a load balancer.
func (h *home) serves(ordinal int) bool {
	if h.at == ordinal {
		return true
	}
	for _, f := range h.former {
		if f.at == ordinal {
			return true
		}
	}
	return false
}

// shown is the load balancer whose address the status tells: while the route
// moves the former one.
func (h *home) shown() int {
	if n := len(h.former); n > 0 && !h.proved {
		return h.former[n-1].at
	}
	return h.at
}

// visibilities in the order of homes.
var visibilities = [2]ingress.Visibility{ingress.Internet, ingress.Intranet}

// home of the route for a visibility.
func (r *route) home(v ingress.Visibility) *home {
	if v == visibilities[0] {
		return &r.homes[0]
	}
	return &r.homes[1]
}
