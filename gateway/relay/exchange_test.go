package relay

import (
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"k8s.io/utils/clock"
	clocktesting "k8s.io/utils/clock/testing"

	"github.com/ebb-node/ebb/gateway/backend"
)

func exchangeWith(p *pool) *exchange {
	return &exchange{pool: p, transports: newTransports(), clock: clock.RealClock{}}
}

func TestRequestWaitsForAnAddress(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := poolOf()
		start := time.Now()
		go func() {
			time.Sleep(time.Second)
			p.update(backendsOf()) // still none
			time.Sleep(time.Second / 2)
			p.update(backendsOf("a"))
		}()
		x := exchangeWith(p)
		to, err := x.next(t.Context())
		if err != nil || to.endpoint != "a:80" || to.inFlight.Load() != 1 {
			t.Fatalf("got %+v, %v", to, err)
		}
		if waited := time.Since(start); waited != 1500*time.Millisecond {
			t.Errorf("waited %v", waited)
		}
		x.end()
		if n := to.inFlight.Load(); n != 0 {
			t.Errorf("%d in flight after the end", n)
		}
	})
}

// TestPatienceIsForAllOfARequest, not anew for every change.
func TestPatienceIsForAllOfARequest(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := poolOf()
		go func() {
			for range 3 {
				time.Sleep(time.Second / 2)
				p.update(backendsOf())
			}
		}()
		start := time.Now()
		x := exchangeWith(p)
		defer x.end()
		if _, err := x.next(t.Context()); !errors.Is(err, errNoBackend) {
			t.Errorf("error %v", err)
		}
		if waited := time.Since(start); waited != patience {
			t.Errorf("waited %v", waited)
		}
	})
}

// TestRefusingAddressIsSuspect for a while, so that the next requests go
// elsewhere first.
func TestRefusingAddressIsSuspect(t *testing.T) {
	p := newPool(Target{Service: named("x")})
	p.update(Backends{Addresses: []backend.Address{refusing(t)}})
	x := &exchange{pool: p, transports: newTransports(), clock: impatient{clocktesting.NewFakeClock(now)}}
	defer x.end()
	if _, err := x.RoundTrip(get("http://a.com/")); !errors.Is(err, errNoBackend) {
		t.Errorf("error %v", err)
	}
	if got := p.state.Load().addresses[0].suspect.Load(); got != now.Add(suspicion).UnixNano() {
		t.Errorf("suspect until %v", time.Unix(0, got))
	}
}

func TestInFlightIsCountedWhereTheRequestIs(t *testing.T) {
	p := poolOf("a", "b")
	x := exchangeWith(p)
	first, _ := x.next(t.Context())
	second, _ := x.next(t.Context())
	if first == second || first.inFlight.Load() != 0 || second.inFlight.Load() != 1 {
		t.Errorf("%s has %d, %s has %d", first.endpoint, first.inFlight.Load(), second.endpoint, second.inFlight.Load())
	}
	x.end()
	if second.inFlight.Load() != 0 {
		t.Error("still in flight after the end")
	}
}
