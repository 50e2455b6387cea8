package shape

import (
	"fmt"

	corev1 "k8s.io/api/core/v1"

	"github.com/ebb-node/ebb/instancespecs"
	"github.com/ebb-node/ebb/reserve/cost"
)

// notAbove leaves out candidates that are not cheaper than a price, as far as it is
// known. None is known to be cheaper, and some are known not to be: then it leaves
// all, and says that the price itself is the best one.
func notAbove(candidates []instancespecs.Candidate, price instancespecs.Price) (rest []instancespecs.Candidate, best bool) {
	cheaper, dearer := 0, 0
	for _, c := range candidates {
		switch {
		case c.Price == nil:
		case c.Price.Hourly >= price.Hourly:
			dearer++
			continue
		default:
			cheaper++
		}
		rest = append(rest, c)
	}
	if dearer > 0 && cheaper == 0 {
		return candidates, true
	}
	return rest, false
}

// ownSpecs are those by which a standard pod is bought: what it names, or its size.
func ownSpecs(standard *corev1.PodTemplateSpec, price *instancespecs.Price, region string) (Specs, error) {
	out := Specs{Own: true, Price: price, Standard: price, List: standard.Annotations[useSpecs]}
	if out.List != "" {
		return out, nil
	}
	size, ok := cost.SizeOf(&standard.Spec, region)
	if !ok {
		return Specs{}, fmt.Errorf("no size that is sold is as large as the standard pod")
	}
	out.List, out.Least = size.String(), size
	return out, nil
}
