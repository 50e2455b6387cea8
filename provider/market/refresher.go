package market

import (
	"context"
	"time"

	"github.com/sirupsen/logrus"
	"k8s.io/utils/clock"

	"github.com/ebb-node/ebb/eci"
	"github.com/ebb-node/ebb/ecs"
	"github.com/ebb-node/ebb/instancespecs"
)

const (
	// every is the time between two refreshes. Stock changes within hours and
	// prices within weeks; a refresh costs two calls for each of some hundred
	// types, a fifth of what one of the actions has in a minute
	// (https://help.aliyun.com/zh/eci/developer-reference/api-eci-2018-08-08-quota).
	every = time.Hour
	// again is the time after one of which a part failed.
	again = 5 * time.Minute
)

// Types is what the refresher needs of ECS. *ecs.Client has it.
type Types interface {
	// InstanceTypes lists the types of a level.
	InstanceTypes(ctx context.Context, level string) ([]ecs.InstanceType, error)
}

// Offers is what the refresher needs of ECI. *eci.Client has it.
type Offers interface {
	// Stock tells where an instance type is sold.
	Stock(ctx context.Context, instanceType, zoneID string) ([]eci.Stock, error)
	// Price tells what a container group would cost.
	Price(ctx context.Context, q eci.PriceQuery) (eci.Price, error)
}

// Config is what a Refresher works with. All members are required unless they
// say otherwise.
type Config struct {
	Store  *instancespecs.Store
	Types  Types
	Offers Offers
	Zone   string // empty: all zones of the region
	Log    logrus.FieldLogger
	Clock  clock.Clock
}

// Refresher is a Runnable of a controller-runtime manager, and a collector of
// metrics.
type Refresher struct{ Config }

// New builds a Refresher; Start runs it.
func New(c Config) *Refresher { return &Refresher{Config: c} }

// NeedLeaderElection keeps replicas that do not work from asking.
func (r *Refresher) NeedLeaderElection() bool { return true }

// Start refreshes at once, and then slowly until ctx ends.
func (r *Refresher) Start(ctx context.Context) error {
	for {
		wait := every
		if !r.Refresh(ctx) {
			wait = again
		}
		select {
		case <-ctx.Done():
			return nil
		case <-r.Clock.After(wait):
		}
	}
}

// Refresh asks about every part once, and reports whether all went well. Types
// come first: they say what else to ask about.
func (r *Refresher) Refresh(ctx context.Context) bool {
	var failed []error
	for _, part := range []func(context.Context) error{r.types, r.stock, r.prices} {
		err := part(ctx)
		if ctx.Err() != nil {
			return false
		}
		if err != nil {
			failed = append(failed, err)
		}
	}
	if len(failed) == 0 {
		return true
	}
	// One cause, such as a cloud that does not answer, fails all parts alike.
	r.Log.WithError(failed[0]).WithField("parts", len(failed)).Warn("what is sold and what it costs may be out of date, will ask again")
	return false
}

// types refreshes the cheap types: those with CPU credits, and those that share
// their vCPUs. No others come into question for a reserve.
func (r *Refresher) types(ctx context.Context) error {
	var all []ecs.InstanceType
	for _, level := range []string{ecs.LevelBurstable, ecs.LevelShared} {
		types, err := r.Types.InstanceTypes(ctx, level)
		if err != nil {
			_, err = r.Store.RefreshTypes(nil, err, r.Clock.Now())
			return err
		}
		all = append(all, types...)
	}
	conflicts, err := r.Store.RefreshTypes(typeRecords(all), nil, r.Clock.Now())
	for _, c := range conflicts {
		r.Log.WithField("instance type", c.ID).Info("the catalogue keeps its own row: " + c.Reason)
	}
	return err
}

func (r *Refresher) stock(ctx context.Context) error {
	var records []instancespecs.StockRecord
	for t := range r.Store.Market().Catalogue().All() {
		stock, err := r.Offers.Stock(ctx, t.ID, r.Zone)
		if err != nil && !unsold(err) {
			return r.Store.RefreshStock(nil, err, r.Clock.Now())
		}
		records = append(records, stockRecords(t.ID, stock)...)
	}
	return r.Store.RefreshStock(records, nil, r.Clock.Now())
}

// sample is a size that every region sells; its price tells that of a vCPU and
// of a GiB (https://www.alibabacloud.com/help/doc-detail/114662.htm).
var sample = eci.PriceQuery{CPU: 2, Memory: 4}

func (r *Refresher) prices(ctx context.Context) error {
	now := r.Clock.Now()
	size, err := r.Offers.Price(ctx, eci.PriceQuery{CPU: sample.CPU, Memory: sample.Memory, ZoneID: r.Zone})
	if err != nil {
		return r.Store.RefreshPrices(nil, err, now)
	}
	records := sizePrices(sample, size, now)
	known := r.Store.Market().Prices()
	for t := range r.Store.Market().Catalogue().All() {
		price, err := r.Offers.Price(ctx, eci.PriceQuery{InstanceType: t.ID, CPU: t.VCPU, Memory: t.MemoryGiB, ZoneID: r.Zone})
		if unsold(err) {
			continue
		}
		var record instancespecs.PriceRecord
		if err == nil {
			record, err = typePrice(t, price, known, now)
		}
		if err != nil {
			return r.Store.RefreshPrices(nil, err, now)
		}
		records = append(records, record)
	}
	return r.Store.RefreshPrices(records, nil, now)
}

// unsold reports that the cloud does not know or sell a type: an answer, and not
// a failure.
func unsold(err error) bool {
	return eci.IsSpec(err) || eci.IsInvalid(err) || eci.IsNotFound(err) || eci.IsOutOfStock(err)
}
