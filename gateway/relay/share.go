package relay

import (
	"cmp"
	"math/bits"
	"math/rand/v2"
	"sync/atomic"

	"github.com/ebb-node/ebb/gateway/ingress"
)

// share is a split.
type share struct {
	percent uint64
	set     []header
	pool    *pool
}

// shares take turns in proportion to their percents. Turns follow a Weyl
// sequence: they come as evenly as a schedule of weighted round robin, also
// when only some of the shares take part, and need one atomic addition. Drawing
// lots instead would miss a percentage by more than a point once in twenty
// times ten thousand requests.
type shares struct {
	all  []*share
	turn atomic.Uint64
}

// step is 2^64 divided by the golden ratio, whose multiples spread best
// (Knuth, The Art of Computer Programming, 6.4).
const step = 0x9E3779B97F4A7C15

func newShares(splits []ingress.Split, use func(Target) *pool) *shares {
	s := &shares{}
	for _, split := range splits {
		s.all = append(s.all, &share{
			percent: uint64(split.Percent), set: headers(split.AppendHeaders),
			pool: use(Target{split.Service, split.Port}),
		})
	}
	s.turn.Store(rand.Uint64()) // replicas are not to begin with the same
	return s
}

// next is the share for the next request. Of a request for those without pods
// only these take part; if all have pods by now, the request was under way and
// all do.
func (s *shares) next(ofPodless bool) *share {
	if len(s.all) == 1 {
		return s.all[0]
	}
	takesPart := everyShare
	if ofPodless && s.sum(podless) > 0 {
		takesPart = podless
	}
	at, _ := bits.Mul64(s.turn.Add(step), s.sum(takesPart))
	var last *share
	for _, share := range s.all {
		if !takesPart(share) {
			continue
		}
		if at < share.percent {
			return share
		}
		at -= share.percent
		last = share
	}
	return cmp.Or(last, s.all[0]) // pods came between the two looks
}

func (s *shares) sum(of func(*share) bool) uint64 {
	var sum uint64
	for _, share := range s.all {
		if of(share) {
			sum += share.percent
		}
	}
	return sum
}

func everyShare(*share) bool { return true }
func podless(s *share) bool  { return !s.pool.state.Load().pods }
