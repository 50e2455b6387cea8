package slb

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// fresh is a split whose pods are all new.
func fresh(percent, pods int) Split {
	return Split{Percent: percent, Pods: slices.Repeat([]int{NewPod}, pods)}
}

func TestWeightsOfKnownSplits(t *testing.T) {
	for name, c := range map[string]struct {
		splits []Split
		want   [][]int
	}{
		"one revision":               {[]Split{fresh(100, 3)}, [][]int{{100, 100, 100}}},
		"nothing":                    {nil, [][]int{}},
		"no pods":                    {[]Split{fresh(100, 0)}, [][]int{{}}},
		"no percentage":              {[]Split{fresh(0, 2)}, [][]int{{0, 0}}},
		"a revision without pods":    {[]Split{fresh(30, 0), fresh(70, 2)}, [][]int{{}, {100, 100}}},
		"a revision without share":   {[]Split{fresh(0, 1), fresh(100, 1)}, [][]int{{0}, {100}}},
		"half and half":              {[]Split{fresh(50, 1), fresh(50, 1)}, [][]int{{100}, {100}}},
		"half and half, 2 to 1":      {[]Split{fresh(50, 2), fresh(50, 1)}, [][]int{{50, 50}, {100}}},
		"99/1":                       {[]Split{fresh(99, 1), fresh(1, 1)}, [][]int{{100}, {1}}},
		"99/1 over 1 and 30":         {[]Split{fresh(99, 1), fresh(1, 30)}, [][]int{{100}, append([]int{1}, make([]int, 29)...)}},
		"99/1 over 30 and 1":         {[]Split{fresh(99, 30), fresh(1, 1)}, [][]int{slices.Repeat([]int{100}, 30), {31}}},
		"95/5 over 2 and 10":         {[]Split{fresh(95, 2), fresh(5, 10)}, [][]int{{96, 96}, slices.Repeat([]int{1}, 10)}},
		"10/20/70 over one pod each": {[]Split{fresh(10, 1), fresh(20, 1), fresh(70, 1)}, [][]int{{14}, {28}, {98}}},
	} {
		t.Run(name, func(t *testing.T) {
			if diff := cmp.Diff(c.want, Weights(c.splits)); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// realised is the worst distance from the wanted shares in percentage points,
// and the number of pods with a share that get nothing.
func realised(splits []Split, weights [][]int) (points float64, starved int) {
	whole, total := 0, 0
	for i, s := range splits {
		if len(s.Pods) > 0 {
			whole += s.Percent
		}
		total += sum(weights[i])
	}
	for i, s := range splits {
		if len(s.Pods) == 0 || whole == 0 {
			continue
		}
		points = max(points, 100*math.Abs(float64(sum(weights[i]))/float64(total)-float64(s.Percent)/float64(whole)))
		for _, w := range weights[i] {
			if w == 0 && s.Percent > 0 {
				starved++
			}
		}
	}
	return points, starved
}

// randomSplits are percentages that add up to 100 over 1 to 4 revisions.
func randomSplits(r *rand.Rand, mostPods int) []Split {
	left := 100
	var out []Split
	for n := 1 + r.IntN(4); n > 1; n-- {
		percent := r.IntN(left + 1)
		if r.IntN(2) == 0 {
			percent = min(percent, 3)
		}
		out = append(out, fresh(percent, 1+r.IntN(mostPods)))
		left -= percent
	}
	return append(out, fresh(left, 1+r.IntN(mostPods)))
}

func TestWeightsHitEveryShareAndStarveOnlyWhereTheRatioForcesIt(t *testing.T) {
	for seed := range uint64(1500) {
		splits := randomSplits(rand.New(rand.NewPCG(seed, 1)), 40)
		weights := Weights(splits)
		points, starved := realised(splits, weights)
		if points > 0.251 {
			t.Fatalf("seed %d: %v misses a share by %.3f points: %v", seed, splits, points, weights)
		}
		for i, list := range weights {
			for _, w := range list {
				if w < 0 || w > MaxWeight {
					t.Fatalf("seed %d: weight %d", seed, w)
				}
			}
			if len(list) > 0 && slices.Max(list)-slices.Min(list) > 1 {
				t.Fatalf("seed %d: split %d is not even: %v", seed, i, list)
			}
		}
		if starved > 0 && widestRatio(splits) < 100 {
			t.Fatalf("seed %d: %d pods starve though the ratio is %.1f: %v %v", seed, starved, widestRatio(splits), splits, weights)
		}
	}
}

// widestRatio is how many times as much the pod with the largest wanted weight
// gets as the one with the smallest, when each share is as near to the others
// as the tolerance allows.
func widestRatio(splits []Split) float64 {
	least, most := math.Inf(1), 0.0
	for _, s := range splits {
		if s.Percent == 0 {
			continue
		}
		each := float64(s.Percent) / float64(len(s.Pods))
		least, most = min(least, each), max(most, each)
	}
	return most / least
}

// TestBestMatchesBruteForce compares the search with all sums there are, for
// small largest weights, where ratios force pods to starve often.
func TestBestMatchesBruteForce(t *testing.T) {
	for seed := range uint64(400) {
		r := rand.New(rand.NewPCG(seed, 2))
		p := problem{cap: 4 + r.IntN(7)}
		for left := p.cap; left > 0 && len(p.parts) < 3; {
			percent := 1 + r.IntN(left)
			if len(p.parts) == 2 {
				percent = left
			}
			p.parts = append(p.parts, part{percent: percent, pods: make([]int, 1+r.IntN(4))})
			p.whole += percent
			left -= percent
		}
		oracle := p.bruteForce()
		got := p.judge(p.best())
		if got.off > exact+1e-9 || got.starved != oracle.starved {
			t.Fatalf("seed %d: %+v: got %+v, brute force %+v", seed, p, got, oracle)
		}
		if got.uneven > oracle.uneven+unevenStep && got.uneven > 2*oracle.uneven {
			t.Errorf("seed %d: %+v: got %+v, brute force %+v", seed, p, got, oracle)
		}
	}
}

// bruteForce is the best quality of all sums whose shares are exact enough.
func (p *problem) bruteForce() quality {
	best := quality{starved: math.MaxInt}
	sums := make([]int, len(p.parts))
	var try func(i int)
	try = func(i int) {
		if i == len(sums) {
			if q := p.judge(sums); q.off <= exact && q.less(best) {
				best = q
			}
			return
		}
		for sums[i] = 1; sums[i] <= p.room(i); sums[i]++ {
			try(i + 1)
		}
	}
	try(0)
	return best
}

func TestWeightsStayWhereTheyAre(t *testing.T) {
	for name, c := range map[string]struct {
		before []Split
		change func([]Split) // what happens to the pods
		most   int           // changed weights
	}{
		"nothing happens":               {[]Split{fresh(90, 10), fresh(10, 3)}, func([]Split) {}, 0},
		"a pod more of one revision":    {[]Split{fresh(100, 30)}, add(0, 1), 0},
		"30 pods more of one revision":  {[]Split{fresh(100, 1)}, add(0, 30), 0},
		"a pod less of one revision":    {[]Split{fresh(100, 30)}, drop(0), 0},
		"a pod more beside many":        {[]Split{fresh(90, 18), fresh(10, 2)}, add(1, 1), 2},
		"a pod more that hardly counts": {[]Split{fresh(99, 60), fresh(1, 5)}, add(0, 1), 0},
		"a pod less beside many":        {[]Split{fresh(50, 19), fresh(50, 3)}, drop(0), 3},
	} {
		t.Run(name, func(t *testing.T) {
			weights := Weights(c.before)
			after := make([]Split, len(c.before))
			for i, s := range c.before {
				after[i] = Split{Percent: s.Percent, Pods: weights[i]}
			}
			c.change(after)
			got := Weights(after)
			if points, _ := realised(after, got); points > 0.501 {
				t.Errorf("a share is missed by %.3f points: %v", points, got)
			}
			changed := 0
			for i, s := range after {
				for j, w := range s.Pods {
					if w != NewPod && w != got[i][j] {
						changed++
					}
				}
			}
			if changed > c.most {
				t.Errorf("%d weights change, want at most %d: %v -> %v", changed, c.most, after, got)
			}
		})
	}
}

func add(split, n int) func([]Split) {
	return func(s []Split) {
		s[split].Pods = append(slices.Clone(s[split].Pods), slices.Repeat([]int{NewPod}, n)...)
	}
}

func drop(split int) func([]Split) {
	return func(s []Split) { s[split].Pods = slices.Clone(s[split].Pods)[1:] }
}

// TestWeightsSettle repeats random changes of a group's pods and checks that
// the shares hold and that weights, once chosen, are chosen again.
func TestWeightsSettle(t *testing.T) {
	for seed := range uint64(200) {
		r := rand.New(rand.NewPCG(seed, 3))
		splits := randomSplits(r, 20)
		for step := range 15 {
			weights := Weights(splits)
			for i := range splits {
				splits[i].Pods = weights[i]
			}
			if points, _ := realised(splits, weights); points > 0.501 {
				t.Fatalf("seed %d, step %d: %.3f points off: %v", seed, step, points, splits)
			}
			if diff := cmp.Diff(weights, Weights(splits)); diff != "" {
				t.Fatalf("seed %d, step %d: weights do not settle: %s", seed, step, diff)
			}
			i := r.IntN(len(splits))
			if len(splits[i].Pods) > 1 && r.IntN(2) == 0 {
				drop(i)(splits)
			} else {
				add(i, 1+r.IntN(5))(splits)
			}
		}
	}
}

func BenchmarkWeights(b *testing.B) {
	for _, splits := range [][]Split{
		{fresh(100, 50)},
		{fresh(99, 1), fresh(1, 30)},
		{fresh(60, 1), fresh(25, 30), fresh(15, 30)},
		{fresh(97, 70), fresh(1, 31), fresh(1, 7), fresh(1, 90)},
	} {
		b.Run(fmt.Sprint(len(splits)), func(b *testing.B) {
			for b.Loop() {
				Weights(splits)
			}
		})
	}
}
