package slb

import (
	"math"
	"slices"
)

// best searches the sums of weights per part. It goes through all totals from
// the largest one, so that of equally good choices the one with the largest
// weights wins: a single split gets the service's default, 100.
func (p *problem) best() []int {
	var best []int
	var rating quality
	for total := p.largestTotal(); total > 0; total-- {
		sums := p.sumsOf(total)
		if sums == nil {
			continue
		}
		q := p.judge(sums)
		if best != nil && !q.less(rating) {
			continue
		}
		best, rating = sums, q
		if q.starved == 0 && q.uneven <= unevenStep && q.off <= offStep {
			return best
		}
	}
	return best
}

// largestTotal bounds the sum over all parts: a part that is full must not get
// less than its share allows. Where that is less than the sum of percentages,
// which always hits all shares, it does not bind.
func (p *problem) largestTotal() int {
	limit := math.Inf(1)
	for i := range p.parts {
		if least := p.share(i) - exact; least > 0 {
			limit = min(limit, float64(p.room(i))/least)
		}
	}
	all := 0
	for i := range p.parts {
		all += p.room(i)
	}
	return int(min(limit, float64(all)))
}

// sumsOf divides a total so that every share is within exact, or is nil where
// that cannot be. As many pods as possible get at least 1; beyond that, sums
// that all pods of a part can share alike are preferred.
func (p *problem) sumsOf(total int) []int {
	low, high := make([]int, len(p.parts)), make([]int, len(p.parts))
	lows, highs := 0, 0
	for i := range p.parts {
		low[i], high[i] = p.bounds(i, total)
		if low[i] > high[i] {
			return nil
		}
		lows += low[i]
		highs += high[i]
	}
	if lows > total || highs < total {
		return nil
	}
	return p.divide(low, high, total-lows)
}

// bounds are the sums of a part that keep its share within exact of the wanted
// one. The small slack is for rounding.
func (p *problem) bounds(i, total int) (low, high int) {
	const slack = 1e-9
	t, s := float64(total), p.share(i)
	low = max(0, int(math.Ceil((s-exact)*t-slack)))
	high = min(p.room(i), int(math.Floor((s+exact)*t+slack)))
	return low, high
}

// divide hands out rest above the low bounds: first a weight to pods that
// have none, then towards even sums, then towards the wanted shares.
func (p *problem) divide(low, high []int, rest int) []int {
	sums := append([]int(nil), low...)
	total := rest
	for _, s := range low {
		total += s
	}
	give := func(i, n int) {
		n = max(0, min(n, rest, high[i]-sums[i]))
		sums[i] += n
		rest -= n
	}
	for i := range sums {
		give(i, len(p.parts[i].pods)-sums[i])
	}
	order := p.coarseFirst(total)
	for _, i := range order {
		give(i, p.aim(i, low[i], high[i], total)-sums[i])
	}
	for _, i := range slices.Backward(order) {
		give(i, int(math.Round(p.share(i)*float64(total)))-sums[i])
	}
	for _, i := range slices.Backward(order) {
		give(i, rest)
	}
	return sums
}

// aim is the sum that a part should get of a total: the multiple of its pods
// that is nearest to the wanted share, where one is within the bounds.
func (p *problem) aim(i, low, high, total int) int {
	wanted := p.share(i) * float64(total)
	n := len(p.parts[i].pods)
	even := int(math.Round(wanted/float64(n))) * n
	switch {
	case even >= low && even <= high:
		return even
	case even < low && even+n <= high:
		return even + n
	case even > high && even-n >= low:
		return even - n
	}
	return int(math.Round(wanted))
}

// coarseFirst orders parts by the weight of their pods, smallest first: there
// an uneven sum hurts most.
func (p *problem) coarseFirst(total int) []int {
	order := make([]int, 0, len(p.parts))
	weight := func(i int) float64 { return p.share(i) * float64(total) / float64(len(p.parts[i].pods)) }
	for i := range p.parts {
		at := len(order)
		order = append(order, i)
		for ; at > 0 && weight(order[at-1]) > weight(i); at-- {
			order[at] = order[at-1]
		}
		order[at] = i
	}
	return order
}
