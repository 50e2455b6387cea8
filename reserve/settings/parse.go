package settings

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"k8s.io/apimachinery/pkg/api/resource"
)

// parser reads annotations and collects what is wrong with them.
type parser struct {
	annotations map[string]string
	problems    []error
}

func (p *parser) text(key string) string { return strings.TrimSpace(p.annotations[key]) }

func (p *parser) fail(key, format string, args ...any) {
	p.problems = append(p.problems, fmt.Errorf("annotation %s: %q %s", key, p.text(key), fmt.Sprintf(format, args...)))
}

// choice is one of some words, in any case; "" if it is absent or wrong.
func (p *parser) choice(key string, words ...string) string {
	value := p.text(key)
	i := slices.IndexFunc(words, func(w string) bool { return strings.EqualFold(w, value) })
	if i >= 0 {
		return words[i]
	}
	if value != "" {
		p.fail(key, "is not one of %s", strings.Join(words, ", "))
	}
	return ""
}

func (p *parser) integer(key string, least, most int) (int, bool) {
	value := p.text(key)
	if value == "" {
		return 0, false
	}
	n, err := strconv.Atoi(value)
	if err != nil || n < least || n > most {
		p.fail(key, "is not a whole number from %d to %d", least, most)
		return 0, false
	}
	return n, true
}

func (p *parser) quantity(key string) *resource.Quantity {
	value := p.text(key)
	if value == "" {
		return nil
	}
	q, err := resource.ParseQuantity(value)
	if err != nil || q.Sign() <= 0 {
		p.fail(key, "is not a quantity above 0, such as 500m or 1Gi")
		return nil
	}
	return &q
}

func (p *parser) resources() Resources {
	r := Resources{
		CPURequest: p.quantity(AnnotationCPURequest), CPULimit: p.quantity(AnnotationCPULimit),
		MemoryRequest: p.quantity(AnnotationMemoryRequest), MemoryLimit: p.quantity(AnnotationMemoryLimit),
	}
	for _, pair := range []struct {
		key            string
		request, limit *resource.Quantity
	}{
		{AnnotationCPURequest, r.CPURequest, r.CPULimit},
		{AnnotationMemoryRequest, r.MemoryRequest, r.MemoryLimit},
	} {
		if pair.request != nil && pair.limit != nil && pair.request.Cmp(*pair.limit) > 0 {
			p.fail(pair.key, "is more than the limit of %s", pair.limit)
		}
	}
	return r
}

// price is the form of a price limit: at most three decimals.
var price = regexp.MustCompile(`^[0-9]+(\.[0-9]{1,3})?$`)

func (p *parser) spot(t Type) Spot {
	s := Spot{Strategy: p.choice(AnnotationSpotStrategy, SpotAsPriceGo, SpotWithPriceLimit)}
	limit := p.text(AnnotationSpotPriceLimit)
	switch {
	case s.Strategy != "" && t != ECI:
		p.fail(AnnotationSpotStrategy, "is for reserves of type %s only", ECI)
	case s.Strategy == SpotWithPriceLimit && !price.MatchString(limit):
		p.fail(AnnotationSpotPriceLimit, "is not a price per hour with at most 3 decimals, which %s needs", SpotWithPriceLimit)
	case s.Strategy == SpotWithPriceLimit:
		s.PriceLimit = limit
	case limit != "":
		p.fail(AnnotationSpotPriceLimit, "is only for %s: %s", AnnotationSpotStrategy, SpotWithPriceLimit)
	}
	return s
}
