package balancer

import (
	"fmt"
	"math"
	"math/rand/v2"
	"net/netip"
	"testing"
)

// spread picks n times at random nodes of a pool with members of some weights.
func spread(t *testing.T, nodes, n int, weights ...int) []int {
	t.Helper()
	p := newPool(poolKey{}, nodes, nil, func(memberKey) {})
	var members []Member
	for i, weight := range weights {
		members = append(members, Member{ServerID: fmt.Sprint(i), IP: netip.MustParseAddr("10.0.0.1"), Port: i + 1, Weight: weight})
	}
	p.set(members)
	random, got := rand.New(rand.NewPCG(1, uint64(n))), make([]int, len(weights))
	for range n {
		m, err := p.next(random.IntN(nodes), "", nil)
		if err != nil {
			t.Fatal(err)
		}
		got[m.Port-1]++
	}
	return got
}

// TestSharesOverAllNodes demands what the package comment says: one request
// per member and node, and so less than a point of ten thousand requests.
func TestSharesOverAllNodes(t *testing.T) {
	for _, weights := range [][]int{{70, 30}, {100, 1}, {100, 100, 100, 30, 1}, {69, 69, 69, 40, 40, 40, 40, 40, 100, 100}} {
		const n = 10000
		sum := 0
		for _, weight := range weights {
			sum += weight
		}
		for i, got := range spread(t, DefaultNodes, n, weights...) {
			off := math.Abs(float64(got) - float64(n*weights[i])/float64(sum))
			if most := DefaultNodes * len(weights); off > float64(most) || off > n/100 {
				t.Errorf("weights %v: member %d is %.1f requests off, want at most %d and a point", weights, i, off, most)
			}
		}
	}
}

// TestFewRequestsAreUneven shows what one wheel for all would hide: after a
// change each node begins with the heaviest.
func TestFewRequestsAreUneven(t *testing.T) {
	if got := spread(t, DefaultNodes, 24, 95, 5); got[1] != 0 {
		t.Errorf("%d of the first 24 requests came to the member of a twentieth, want none before its turn at any node", got[1])
	}
	if got := spread(t, 1, 24, 95, 5); got[1] != 1 {
		t.Errorf("with one node %d of the first 24 came to the member of a twentieth, want 1", got[1])
	}
}

func TestConnectionsAreSpreadOverNodes(t *testing.T) {
	r := newRig(t, Config{Nodes: DefaultNodes, Limits: Limits{KeepAliveRequests: 1}})
	a, b := named(t, "a"), named(t, "b")
	r.apply([]Group{group("g", a.weighing(100), b.weighing(1))}, web("g"))
	got := tally(r, r.client(80), 40)
	used := 0
	for _, w := range r.instances[balancerID].fronts[frontKey{80, HTTP}].pools[Policy{}.key("g", HTTP)].wheels {
		if w.slots[1].credit != 0 { // it earns with each pick
			used++
		}
	}
	if used < 2 || got["a"] < 39 {
		t.Errorf("40 connections came to %d nodes and got %v", used, got)
	}
}
