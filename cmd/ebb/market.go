package main

import (
	"fmt"

	"github.com/ebb-node/ebb/instancespecs"
)

// newMarket is what ebb knows of specs and prices before it has asked the
// cloud.
func newMarket(o *options) (*instancespecs.Store, error) {
	start, err := instancespecs.DefaultMarket(o.priceCurrency)
	if err != nil {
		return nil, fmt.Errorf("--price-currency: %w", err)
	}
	return instancespecs.NewStore(start), nil
}
