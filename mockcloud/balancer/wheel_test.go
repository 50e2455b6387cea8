package balancer

import (
	"math/rand/v2"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func anyone(int) bool { return true }

// weighted is a wheel whose keys are the indices of the weights.
func weighted(weights ...int) *wheel[int] {
	w := &wheel[int]{}
	w.set(slotsOf(weights...))
	return w
}

func slotsOf(weights ...int) []slot[int] {
	slots := make([]slot[int], len(weights))
	for i, weight := range weights {
		slots[i] = slot[int]{key: i, weight: weight}
	}
	return slots
}

func picks(w *wheel[int], n int) map[int]int {
	got := map[int]int{}
	for range n {
		key, ok := w.next(anyone)
		if !ok {
			key = -1
		}
		got[key]++
	}
	return got
}

func TestPicksFollowTheWeights(t *testing.T) {
	for _, c := range []struct {
		weights []int
		picks   int
		want    map[int]int
	}{
		{[]int{1, 1}, 4, map[int]int{0: 2, 1: 2}},
		{[]int{100, 1}, 101, map[int]int{0: 100, 1: 1}},
		{[]int{30, 70}, 100, map[int]int{0: 30, 1: 70}},
		{[]int{69, 69, 69, 40, 40, 40, 40, 40, 100, 100}, 607, map[int]int{0: 69, 1: 69, 2: 69, 3: 40, 4: 40, 5: 40, 6: 40, 7: 40, 8: 100, 9: 100}},
		{[]int{5, 0, 5}, 10, map[int]int{0: 5, 2: 5}},
		{[]int{0, 0}, 3, map[int]int{-1: 3}},
		{nil, 3, map[int]int{-1: 3}},
	} {
		if diff := cmp.Diff(c.want, picks(weighted(c.weights...), c.picks)); diff != "" {
			t.Errorf("weights %v (-want +got):\n%s", c.weights, diff)
		}
	}
}

func TestPicksAreSpreadEvenly(t *testing.T) {
	w := weighted(5, 1, 1)
	var got []int
	for range 7 {
		key, _ := w.next(anyone)
		got = append(got, key)
	}
	if diff := cmp.Diff([]int{0, 0, 1, 0, 2, 0, 0}, got); diff != "" {
		t.Errorf("order (-want +got):\n%s", diff)
	}
}

// checkShares picks n times and demands that nobody is ever more than one
// pick per competitor away from its share.
func checkShares(t *testing.T, w *wheel[int], weights []int, n int) {
	t.Helper()
	sum := 0
	for _, weight := range weights {
		sum += weight
	}
	got := make([]int, len(weights))
	for i := 1; i <= n; i++ {
		key, ok := w.next(anyone)
		if ok != (sum > 0) {
			t.Fatalf("weights %v: picked = %v", weights, ok)
		}
		if !ok {
			return
		}
		got[key]++
		for k, weight := range weights {
			if want := float64(i*weight) / float64(sum); float64(got[k]) > want+float64(len(weights)) || float64(got[k]) < want-float64(len(weights)) || weight == 0 && got[k] > 0 {
				t.Fatalf("weights %v: slot %d has %d of %d picks, its share is %.2f", weights, k, got[k], i, want)
			}
		}
	}
}

func FuzzShares(f *testing.F) {
	f.Add([]byte{100, 1})
	f.Add([]byte{0, 0, 0})
	f.Add([]byte{1, 100, 50, 0, 33, 33})
	f.Fuzz(func(t *testing.T, raw []byte) {
		weights := make([]int, min(len(raw), 200))
		for i := range weights {
			weights[i] = int(raw[i]) % 101
		}
		checkShares(t, weighted(weights...), weights, 2000)
	})
}

func TestSharesHoldForRandomWeights(t *testing.T) {
	random := rand.New(rand.NewPCG(3, 4))
	for range 200 {
		weights := make([]int, 1+random.IntN(30))
		for i := range weights {
			weights[i] = random.IntN(101)
		}
		checkShares(t, weighted(weights...), weights, 3000)
	}
}

func TestAChangeBeginsAnew(t *testing.T) {
	w := weighted(3, 2, 1)
	for _, weights := range [][]int{{3, 2, 1}, {6, 4, 2}, {1, 2, 3}} {
		w.set(slotsOf(weights...))
		var got []int
		for range 6 {
			key, _ := w.next(anyone)
			got = append(got, key)
		}
		want := []int{0, 1, 0, 2, 1, 0}
		if weights[0] == 1 {
			want = []int{2, 1, 0, 2, 1, 2}
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("weights %v (-want +got):\n%s", weights, diff)
		}
		w.next(anyone) // so that somebody is ahead
	}
}

func TestIneligibleSlotsAreSkippedAndTheOthersKeepTheirRatio(t *testing.T) {
	w := weighted(50, 25, 25)
	got := map[int]int{}
	for range 300 {
		key, _ := w.next(func(k int) bool { return k != 2 })
		got[key]++
	}
	if diff := cmp.Diff(map[int]int{0: 200, 1: 100}, got); diff != "" {
		t.Errorf("picks (-want +got):\n%s", diff)
	}
	if _, ok := w.next(func(int) bool { return false }); ok {
		t.Error("picked an ineligible slot")
	}
}
