package instancespecs

import (
	"cmp"
	"slices"
	"strconv"
)

// The order by cost. Prices that the API answered decide. They come before all
// others: an assumption must not overrule a fact, and a type that has a price is
// sold. List prices and estimates do not decide, because they cover few types
// and are years apart.
//
// Without an API price the order is assumed: first the types with less than
// 2 GiB, then the documented five cheapest with 2 GiB or more in the documented
// order, then the rest; within the first and the last group by what they offer.

// documentedOrder is the default list of the reserve annotation, described as
// the five cheapest types with at least 1 vCPU and 2 GiB
// (https://www.alibabacloud.com/help/doc-detail/184834.htm).
var documentedOrder = []string{
	"ecs.t6-c1m1.large", "ecs.t5-lc1m2.small", "ecs.s6-c1m2.small", "ecs.t6-c1m2.large", "ecs.n1.small",
}

const (
	// documentedMemoryGiB is the least memory that documentedOrder speaks of.
	documentedMemoryGiB = 2
	// vcpuInGiB is what a vCPU costs in GiB of memory: 0.1764 to 0.0221 CNY
	// (https://help.aliyun.com/zh/eci), rounded.
	vcpuInGiB = 8
)

// compareCost orders offers, cheapest first.
func compareCost(a, b offer) int {
	aKnown, bKnown := a.hasAPIPrice(), b.hasAPIPrice()
	switch {
	case aKnown && bKnown:
		if c := cmp.Compare(a.price.Hourly, b.price.Hourly); c != 0 {
			return c
		}
	case aKnown:
		return -1
	case bKnown:
		return 1
	}
	return cmp.Or(
		cmp.Compare(a.group(), b.group()),
		cmp.Compare(documentedRank(a.typ.ID), documentedRank(b.typ.ID)),
		cmp.Compare(weight(a.typ), weight(b.typ)),
		cmp.Compare(a.typ.ID, b.typ.ID),
	)
}

func (o offer) hasAPIPrice() bool { return o.price != nil && o.price.Kind == APIPrice }

// group is the place of the offer's group in the assumed order.
func (o offer) group() int {
	switch {
	case o.typ.MemoryGiB < documentedMemoryGiB:
		return 0
	case slices.Contains(documentedOrder, o.typ.ID):
		return 1
	default:
		return 2
	}
}

// documentedRank is the place in documentedOrder, the same for all others.
func documentedRank(id string) int {
	if i := slices.Index(documentedOrder, id); i >= 0 {
		return i
	}
	return len(documentedOrder)
}

// weight is what a type offers, in GiB: its vCPUs count as far as their
// baseline lets them run for good. It is no price.
func weight(t *InstanceType) float64 {
	share := 1.0
	if t.Burstable {
		share = t.BaselinePercent / 100
	}
	return t.VCPU*share*vcpuInGiB + t.MemoryGiB
}

func generationName(generation int) string {
	if generation == 0 {
		return "unknown"
	}
	return strconv.Itoa(generation)
}
