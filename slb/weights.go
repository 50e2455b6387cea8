package slb

// Split is a revision's part of a vServer group: the percentage that it shall
// get and its pods that can take traffic.
type Split struct {
	// Percent is its share, 0 to 100. Shares need not add up to 100: what counts is each
	// one's part of the sum over those splits that have pods.
	Percent int
	// Pods holds the weight that each pod has now, NewPod for one that is not
	// in the group yet.
	Pods []int
}

// NewPod stands for the weight of a pod that has none yet.
const NewPod = -1

// MaxWeight is the largest weight of a member; the smallest is 0, which gets
// no new requests
// (https://www.alibabacloud.com/help/en/slb/classic-load-balancer/user-guide/backend-server-overview).
const MaxWeight = 100

const (
	// exact is how far a newly chosen share may be from the wanted one, as a
	// part of all: a quarter of a point buys even weights inside a revision and
	// is half of what chance alone does to 10,000 requests.
	exact = 0.0025
	// loose is how far shares may drift before weights are chosen anew: half of
	// the point that a user is promised, so that a pod more or less mostly costs
	// no weight change at all.
	loose = 0.005
)

// Weights chooses a weight for every pod, in the order of the splits and their
// pods.
//
// The share that each split gets is within a quarter of a percentage point of
// the wanted one, half a point where that spares changes to the present
// weights. That is always possible, since any integer percentages can be hit
// with pods at 0: two pods differ by 100:1 at most, so 1 percent over 30 pods
// next to 99 percent over one pod leaves 29 of them at 0. As few pods as
// possible are at 0, and inside a split weights are as even as the shares
// allow. Equal input gives equal output.
//
// A split without pods gets nothing, and a split of 0 percent gets weight 0
// on every pod; when no split with pods has a percentage, all weights are 0.
func Weights(splits []Split) [][]int {
	p := newProblem(splits, MaxWeight)
	out := make([][]int, len(splits))
	for i, s := range splits {
		out[i] = make([]int, len(s.Pods))
	}
	if len(p.parts) == 0 {
		return out
	}
	best := p.best()
	chosen := p.settle(best)
	for i, part := range p.parts {
		out[part.split] = chosen[i]
	}
	return out
}

// problem is what Weights solves: parts with a share and at least one pod.
type problem struct {
	parts []part
	whole int // sum of the parts' percentages
	cap   int // largest weight
}

type part struct {
	split   int // its place in the input
	percent int
	pods    []int // present weights
}

func newProblem(splits []Split, limit int) problem {
	p := problem{cap: limit}
	for i, s := range splits {
		if s.Percent <= 0 || len(s.Pods) == 0 {
			continue
		}
		percent := min(s.Percent, 100)
		p.parts = append(p.parts, part{split: i, percent: percent, pods: s.Pods})
		p.whole += percent
	}
	return p
}

// share is the wanted part of all, 0..1.
func (p *problem) share(i int) float64 {
	return float64(p.parts[i].percent) / float64(p.whole)
}

// room is the largest sum of weights of a part.
func (p *problem) room(i int) int { return p.cap * len(p.parts[i].pods) }

// quality is how good sums of weights are; smaller is better, field by field.
type quality struct {
	starved int     // pods at 0
	uneven  float64 // how much more the busiest pod of a split gets than its laziest
	off     float64 // worst distance from a wanted share
}

// The steps in which qualities differ: less is not worth another choice.
const (
	unevenStep = 0.01
	offStep    = 0.0005
)

func (q quality) less(than quality) bool {
	if q.starved != than.starved {
		return q.starved < than.starved
	}
	if d := q.uneven - than.uneven; d < -unevenStep || d > unevenStep {
		return d < 0
	}
	return q.off < than.off-offStep
}

// judge rates sums of weights that are spread evenly inside each part.
func (p *problem) judge(sums []int) quality {
	var q quality
	total := 0
	for i, s := range sums {
		total += s
		n := len(p.parts[i].pods)
		q.starved += max(0, n-s)
		q.uneven = max(q.uneven, unevenness(s, n))
	}
	q.off = p.off(sums, total)
	return q
}

// unevenness of a sum over n pods. Where some pods starve it does not count:
// the others all have weight 1.
func unevenness(sum, n int) float64 {
	if sum < n || sum%n == 0 {
		return 0
	}
	return 1 / float64(sum/n)
}

// off is the worst distance of a share from the wanted one.
func (p *problem) off(sums []int, total int) float64 {
	worst := 0.0
	for i, s := range sums {
		d := float64(s)/float64(total) - p.share(i)
		worst = max(worst, d, -d)
	}
	return worst
}
