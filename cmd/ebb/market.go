package main

import (
	"fmt"

	"github.com/sirupsen/logrus"
	"k8s.io/utils/clock"
	ctrl "sigs.k8s.io/controller-runtime"

	"github.com/ebb-node/ebb/alicloud"
	"github.com/ebb-node/ebb/eci"
	"github.com/ebb-node/ebb/ecs"
	"github.com/ebb-node/ebb/instancespecs"
	"github.com/ebb-node/ebb/provider/market"
)

// addMarket builds what ebb knows of specs, stock and prices, and adds what
// keeps it up to date.
func addMarket(o *options, manager ctrl.Manager, cloud *alicloud.Client, log logrus.FieldLogger) (*instancespecs.Store, error) {
	start, err := instancespecs.DefaultMarket(o.priceCurrency)
	if err != nil {
		return nil, fmt.Errorf("--price-currency: %w", err)
	}
	store := instancespecs.NewStore(start)
	refresher := market.New(market.Config{
		Store: store, Types: ecs.New(cloud), Offers: eci.New(cloud), Zone: o.zone, Log: log, Clock: clock.RealClock{},
	})
	if err := registry.Register(refresher); err != nil {
		return nil, fmt.Errorf("metrics of the market: %w", err)
	}
	return store, manager.Add(refresher)
}
