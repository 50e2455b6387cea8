package translate

import (
	"fmt"
	"math"
	"regexp"
	"strconv"
)

// Values of eci-spot-strategy.
// https://github.com/AlibabaCloudDocs/csk (Use preemptible instances)
const (
	spotAsPriceGo      = "SpotAsPriceGo"
	spotWithPriceLimit = "SpotWithPriceLimit"
	noSpot             = "NoSpot"
)

// pricePattern: at most three decimals.
var pricePattern = regexp.MustCompile(`^[0-9]+(\.[0-9]{1,3})?$`)

// spotRequest is how an attempt asks for a spot instance; the zero value is
// pay-as-you-go.
type spotRequest struct {
	strategy   string
	priceLimit float64 // per hour
	duration   *int    // hours
	fallback   bool
}

// spot reads the spot annotations. Without a strategy the others are ignored.
func (t *translator) spot() spotRequest {
	strategy, ok := t.choice(keySpotStrategy, noSpot, spotAsPriceGo, spotWithPriceLimit)
	if !ok || strategy == noSpot {
		t.ignore("there is no "+Prefix+keySpotStrategy, keySpotPriceLimit, keySpotDuration, keySpotFallback, keySpotReleaseStrategy)
		return spotRequest{}
	}
	s := spotRequest{strategy: strategy, fallback: t.boolean(keySpotFallback)}
	if hours, ok := t.integer(keySpotDuration, 0, math.MaxInt32); ok {
		s.duration = &hours
	}
	t.spotPrice(&s)
	t.spotRelease()
	return s
}

func (t *translator) spotPrice(s *spotRequest) {
	price := t.value(keySpotPriceLimit)
	if s.strategy != spotWithPriceLimit {
		t.ignore("the strategy is "+s.strategy, keySpotPriceLimit)
		return
	}
	if !pricePattern.MatchString(price) {
		t.refuse(field(keySpotPriceLimit), fmt.Sprintf("%q is not a price per hour with at most 3 decimals", price), "it is required with "+spotWithPriceLimit)
		return
	}
	limit, err := strconv.ParseFloat(price, 64)
	if err != nil || limit <= 0 {
		t.refuse(field(keySpotPriceLimit), fmt.Sprintf("%q is not a price above zero", price), "")
	}
	s.priceLimit = limit
}

func (t *translator) spotRelease() {
	release, ok := t.choice(keySpotReleaseStrategy, "api-evict")
	if !ok {
		return
	}
	t.plan.EvictOnSpotRelease = true
	if !t.config.EvictsOnSpotRelease {
		t.warn(ReasonAnnotationIgnored, fmt.Sprintf("%s %s: this node does not evict pods before a spot instance is reclaimed", field(keySpotReleaseStrategy), release))
	}
}
