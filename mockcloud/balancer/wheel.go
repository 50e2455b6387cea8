package balancer

import "slices"

// wheel picks by smooth weighted round robin: of n picks, a slot gets its
// share of the weights, evenly spread. It is not safe for concurrent use.
//
// Each slot has a credit: it earns its weight with every pick and pays the
// sum of weights when it is picked. credit/sum is thus the number of picks
// that the slot is owed.
type wheel[K comparable] struct {
	slots []slot[K]
}

type slot[K comparable] struct {
	key    K
	weight int
	credit int
}

// next picks among the slots with weight that are eligible, and answers
// false when there is none.
func (w *wheel[K]) next(eligible func(K) bool) (key K, ok bool) {
	best, sum := -1, 0
	for i := range w.slots {
		s := &w.slots[i]
		if s.weight <= 0 || !eligible(s.key) {
			continue
		}
		s.credit += s.weight
		sum += s.weight
		if best < 0 || s.credit > w.slots[best].credit {
			best = i
		}
	}
	if best < 0 {
		return key, false
	}
	w.slots[best].credit -= sum
	return w.slots[best].key, true
}

// set replaces the slots. All begin anew, as at a reload of nginx: nobody is
// owed anything.
func (w *wheel[K]) set(slots []slot[K]) {
	w.slots = slices.Clone(slots)
	for i := range w.slots {
		w.slots[i].credit = 0
	}
}
