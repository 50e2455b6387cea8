package slb

import "math"

// settle turns the best sums into weights with as few changes to the present
// ones as a loose share allows.
func (p *problem) settle(best []int) [][]int {
	rating := p.judge(best)
	kept := p.keep()
	if kept == nil {
		return p.spread(best)
	}
	if p.acceptable(kept, rating) {
		return kept
	}
	var choice [][]int
	fewest := 0
	for i := range p.parts {
		if weights := p.adjust(kept, i); p.acceptable(weights, rating) {
			if n := p.changes(weights); choice == nil || n < fewest {
				choice, fewest = weights, n
			}
		}
	}
	if spread := p.spread(best); choice == nil || p.changes(spread) <= fewest {
		return spread
	}
	return choice
}

// keep leaves the pods' weights as they are and gives new pods what most of
// their fellows have; nil when a part has no pod to go by.
func (p *problem) keep() [][]int {
	out := make([][]int, len(p.parts))
	for i, part := range p.parts {
		usual := mostFrequent(part.pods)
		if usual == NewPod {
			return nil
		}
		out[i] = make([]int, len(part.pods))
		for j, w := range part.pods {
			out[i][j] = min(w, p.cap)
			if w < 0 {
				out[i][j] = usual
			}
		}
	}
	return out
}

// mostFrequent of the known weights above 0, the larger one when tied; NewPod
// when there is none.
func mostFrequent(weights []int) int {
	count := map[int]int{}
	usual := NewPod
	for _, w := range weights {
		if w <= 0 {
			continue
		}
		count[w]++
		if usual == NewPod || count[w] > count[usual] || count[w] == count[usual] && w > usual {
			usual = w
		}
	}
	return usual
}

// adjust changes the weights of one part only, to a sum that fits the others
// as they are.
func (p *problem) adjust(kept [][]int, i int) [][]int {
	others, share := 0, p.share(i)
	for j, weights := range kept {
		if j != i {
			others += sum(weights)
		}
	}
	if share == 1 {
		return nil
	}
	n := len(p.parts[i].pods)
	wanted := share / (1 - share) * float64(others)
	even := int(math.Round(wanted/float64(n))) * n
	if even == 0 || even > p.room(i) {
		return nil
	}
	out := append([][]int(nil), kept...)
	out[i] = spreadOver(p.parts[i].pods, even)
	return out
}

// acceptable reports whether weights are near enough to the wanted shares and
// no worse than the best ones otherwise.
func (p *problem) acceptable(weights [][]int, best quality) bool {
	if weights == nil {
		return false
	}
	sums, total, starved := make([]int, len(weights)), 0, 0
	for i, list := range weights {
		sums[i] = sum(list)
		total += sums[i]
		least, most := math.MaxInt, 0
		for _, w := range list {
			if w == 0 {
				starved++
				continue
			}
			least, most = min(least, w), max(most, w)
		}
		if most == 0 || float64(most)/float64(least)-1 > max(best.uneven, 1/float64(least))+unevenStep {
			return false
		}
	}
	return starved <= best.starved && p.off(sums, total) <= loose
}

// spread gives every part its sum.
func (p *problem) spread(sums []int) [][]int {
	out := make([][]int, len(sums))
	for i, s := range sums {
		out[i] = spreadOver(p.parts[i].pods, s)
	}
	return out
}

// spreadOver divides a sum evenly: all pods get the same, some of them one
// more. Those that have the larger weight already keep it.
func spreadOver(present []int, sum int) []int {
	n := len(present)
	small, more := sum/n, sum%n
	out := make([]int, n)
	for i := range out {
		out[i] = small
	}
	for _, wanted := range []func(int) bool{
		func(w int) bool { return w == small+1 },
		func(w int) bool { return w != small && w != small+1 },
		func(w int) bool { return w == small },
	} {
		for i, w := range present {
			if more > 0 && wanted(w) {
				out[i]++
				more--
			}
		}
	}
	return out
}

// changes counts the pods in the group whose weight would change.
func (p *problem) changes(weights [][]int) int {
	n := 0
	for i, list := range weights {
		for j, w := range list {
			if present := p.parts[i].pods[j]; present >= 0 && present != w {
				n++
			}
		}
	}
	return n
}

func sum(list []int) int {
	total := 0
	for _, n := range list {
		total += n
	}
	return total
}
