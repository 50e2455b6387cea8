package relay

import (
	"math"
	"slices"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/ebb-node/ebb/gateway/ingress"
)

// sharesOf has shares a, b, ... of which some have pods.
func sharesOf(percents, pods []int) *shares {
	pools := newPools(func(t Target) Backends {
		return Backends{Pods: slices.ContainsFunc(pods, func(i int) bool { return serviceName(i) == t.Service.Name })}
	})
	var splits []ingress.Split
	for i, percent := range percents {
		splits = append(splits, part(serviceName(i), percent))
	}
	return newShares(splits, pools.use)
}

func serviceName(i int) string { return string(rune('a' + i)) }

func TestShares(t *testing.T) {
	tests := map[string]struct {
		percents []int
		pods     []int
		podless  bool
		want     []float64
	}{
		"all":                        {[]int{10, 20, 70}, nil, false, []float64{10, 20, 70}},
		"all, whoever has pods":      {[]int{10, 20, 70}, []int{2}, false, []float64{10, 20, 70}},
		"podless, one has pods":      {[]int{10, 20, 70}, []int{2}, true, []float64{33.33, 66.67, 0}},
		"podless, one has none":      {[]int{10, 20, 70}, []int{1, 2}, true, []float64{100, 0, 0}},
		"podless, none has pods":     {[]int{10, 20, 70}, nil, true, []float64{10, 20, 70}},
		"podless, all have pods now": {[]int{10, 20, 70}, []int{0, 1, 2}, true, []float64{10, 20, 70}},
		"small":                      {[]int{1, 99}, nil, false, []float64{1, 99}},
		"half":                       {[]int{50, 50}, nil, false, []float64{50, 50}},
		"many":                       {[]int{1, 2, 4, 8, 16, 32, 37}, nil, false, []float64{1, 2, 4, 8, 16, 32, 37}},
		"single":                     {[]int{100}, []int{0}, true, []float64{100}},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			for _, seed := range []uint64{0, 1, 1 << 63, math.MaxUint64} {
				s := sharesOf(test.percents, test.pods)
				s.turn.Store(seed)
				near(t, counts(s, 10_000, test.podless), test.want, 10_000, .1)
			}
		})
	}
}

// TestSharesOfEverySecondRequest: a client that alternates between two things
// must not find one split for each.
func TestSharesOfEverySecondRequest(t *testing.T) {
	s := sharesOf([]int{50, 50}, nil)
	got := map[string]int{}
	for i := range 20_000 {
		if share := s.next(false); i%2 == 0 {
			got[share.pool.target.Service.Name]++
		}
	}
	near(t, got, []float64{50, 50}, 10_000, .1)
}

func TestSharesTakenAtOnce(t *testing.T) {
	s := sharesOf([]int{10, 20, 70}, nil)
	var taken [3]atomic.Int64
	var all sync.WaitGroup
	for range 8 {
		all.Go(func() {
			for range 1250 {
				taken[s.next(false).pool.target.Service.Name[0]-'a'].Add(1)
			}
		})
	}
	all.Wait()
	got := map[string]int{}
	for i := range taken {
		got[serviceName(i)] = int(taken[i].Load())
	}
	near(t, got, []float64{10, 20, 70}, 10_000, .1)
}

func counts(s *shares, n int, podless bool) map[string]int {
	got := map[string]int{}
	for range n {
		got[s.next(podless).pool.target.Service.Name]++
	}
	return got
}

// near compares counts out of n with percents, give or take some points.
func near(t *testing.T, got map[string]int, want []float64, n int, points float64) {
	t.Helper()
	for i, percent := range want {
		if share := 100 * float64(got[serviceName(i)]) / float64(n); math.Abs(share-percent) > points {
			t.Errorf("%s got %.2f %%, want %.2f", serviceName(i), share, percent)
		}
	}
}
