package relay

import (
	"testing"
	"time"

	"github.com/ebb-node/ebb/gateway/backend"
)

var now = time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)

func poolOf(ips ...string) *pool {
	p := newPool(Target{Service: named("x")})
	p.update(backendsOf(ips...))
	return p
}

func backendsOf(ips ...string) Backends {
	var b Backends
	for _, ip := range ips {
		b.Addresses = append(b.Addresses, backend.Address{IP: ip, Port: 80})
	}
	return b
}

func TestUpdateKeepsAddresses(t *testing.T) {
	p := poolOf("a", "b")
	before := p.state.Load()
	before.addresses[1].inFlight.Add(7)
	p.update(Backends{Pods: true, Addresses: []backend.Address{{IP: "b", Port: 80}, {IP: "fd00::1", Port: 81}}})
	after := p.state.Load()
	if !after.pods || len(after.addresses) != 2 || after.addresses[0] != before.addresses[1] {
		t.Errorf("state %+v", after)
	}
	if got := after.addresses[1].endpoint; got != "[fd00::1]:81" {
		t.Errorf("endpoint %s", got)
	}
	select {
	case <-before.changed:
	default:
		t.Error("who waits for a change does not hear of it")
	}
	p.update(Backends{Addresses: []backend.Address{{IP: "b", Port: 80, H2C: true}}})
	if b := p.state.Load().addresses[0]; b == before.addresses[1] || !b.h2c {
		t.Error("another protocol is another address")
	}
}

func TestPickSpreadsByLoad(t *testing.T) {
	p := poolOf("a", "b", "c", "d")
	state := p.state.Load()
	for range 400 {
		state.pick(nil, now).inFlight.Add(1)
	}
	for _, a := range state.addresses {
		if n := a.inFlight.Load(); n < 90 || n > 110 {
			t.Errorf("%s has %d of 400", a.endpoint, n)
		}
	}
}

func TestPickAvoids(t *testing.T) {
	p := poolOf("a", "b", "c")
	state := p.state.Load()
	a, b, c := state.addresses[0], state.addresses[1], state.addresses[2]
	a.suspect.Store(now.Add(time.Second).UnixNano())
	for range 100 {
		if got := state.pick([]*address{b}, now); got != c {
			t.Fatalf("picked %s with a suspect, b tried", got.endpoint)
		}
		if got := state.pick([]*address{b, c}, now); got != a {
			t.Fatal("a suspect is better than none")
		}
		if got := state.pick([]*address{a, b, c}, now); got != nil {
			t.Fatalf("picked %s, which was tried", got.endpoint)
		}
		if got := state.pick([]*address{b, c}, now.Add(time.Second)); got != a {
			t.Fatal("suspicion does not end")
		}
	}
	if got := poolOf().state.Load().pick(nil, now); got != nil {
		t.Errorf("picked %s of none", got.endpoint)
	}
}
