package market

import (
	"bytes"
	"context"
	"math"
	"strings"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/sirupsen/logrus"
	clocktesting "k8s.io/utils/clock/testing"

	"github.com/ebb-node/ebb/alicloud"
	"github.com/ebb-node/ebb/eci"
	"github.com/ebb-node/ebb/ecs"
	"github.com/ebb-node/ebb/instancespecs"
	"github.com/ebb-node/ebb/mockcloud"
	mockeci "github.com/ebb-node/ebb/mockcloud/eci"
	"github.com/ebb-node/ebb/mockcloud/rpc"
)

var epoch = time.Date(2026, 3, 1, 10, 0, 0, 0, time.UTC)

// bench is a refresher that asks a mock cloud over HTTP.
type bench struct {
	*testing.T
	*Refresher
	cloud *mockcloud.Server
	clock *clocktesting.FakeClock
	log   bytes.Buffer
}

func newBench(t *testing.T, currency string) *bench {
	t.Helper()
	cloud, err := mockcloud.NewServer(mockcloud.Config{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = cloud.Close() })
	key, err := alicloud.StaticKey(cloud.AccessKeyID, cloud.AccessKeySecret, "")
	if err != nil {
		t.Fatal(err)
	}
	client, err := alicloud.New(alicloud.Config{
		Region: cloud.RegionID, Credentials: key, Endpoints: map[string]string{"eci": cloud.URL, "ecs": cloud.URL},
		Retry: &alicloud.RetryPolicy{Attempts: 1},
	})
	if err != nil {
		t.Fatal(err)
	}
	start, err := instancespecs.DefaultMarket(currency)
	if err != nil {
		t.Fatal(err)
	}
	b := &bench{T: t, cloud: cloud, clock: clocktesting.NewFakeClock(epoch)}
	log := logrus.New()
	log.SetOutput(&b.log)
	b.Refresher = New(Config{
		Store: instancespecs.NewStore(start), Types: ecs.New(client), Offers: eci.New(client), Log: log, Clock: b.clock,
	})
	return b
}

func (b *bench) fault(f rpc.Fault) {
	b.Helper()
	if _, err := b.cloud.AddFault(f); err != nil {
		b.Fatal(err)
	}
}

func TestARefreshTakesOverWhatTheCloudSays(t *testing.T) {
	b := newBench(t, "CNY")
	if err := b.cloud.SetStock(mockeci.StockSetting{Spec: "ecs.t6-c1m1.large", State: mockeci.StockNone}); err != nil {
		t.Fatal(err)
	}
	if !b.Refresh(context.Background()) {
		t.Fatal(b.log.String())
	}
	m := b.Store.Market()
	if p, ok := m.Prices().Lookup("ecs.t5-lc1m2.small"); !ok || p.Kind != instancespecs.APIPrice || p.AsOf != "2026-03-01" || !near(p.Hourly, 0.1764+2*0.0221) {
		t.Errorf("price %+v", p)
	}
	if p, ok := m.Prices().Lookup(instancespecs.KeyVCPU); !ok || p.Kind != instancespecs.APIPrice || !near(p.Hourly, 0.1764) {
		t.Errorf("price of a vCPU %+v", p)
	}
	if p, _ := m.Prices().Lookup(instancespecs.KeyGiB); !near(p.Hourly, 0.0221) {
		t.Errorf("price of a GiB %+v", p)
	}
	for id, want := range map[string]instancespecs.StockState{
		"ecs.t5-lc1m2.small": instancespecs.StockHigh, "ecs.t6-c1m1.large": instancespecs.StockOut,
	} {
		if got := m.Stock().State(id); got != want {
			t.Errorf("stock of %s: %v, want %v", id, got, want)
		}
	}
	// What it costs: two pages of types at most, and two calls for each type.
	types, counts := m.Catalogue().Len(), b.cloud.Counts()
	if got := counts["DescribeInstanceTypes"][""]; got != 2 {
		t.Errorf("%d calls for the types", got)
	}
	if got := counts["DescribeAvailableResource"][""]; got != types {
		t.Errorf("%d calls for the stock of %d types", got, types)
	}
	if got := counts["DescribeContainerGroupPrice"][""]; got != types+1 {
		t.Errorf("%d calls for the prices of %d types and a size", got, types)
	}
}

func near(a, b float64) bool { return math.Abs(a-b) < 1e-9 }

func TestAFailureKeepsTheLastGoodData(t *testing.T) {
	b := newBench(t, "CNY")
	if !b.Refresh(context.Background()) {
		t.Fatal(b.log.String())
	}
	before := b.Store.Market()
	b.fault(rpc.Fault{Action: "DescribeInstanceTypes", Times: 1, Status: 503, Code: "ServiceUnavailable"})
	b.fault(rpc.Fault{Action: "DescribeContainerGroupPrice", Skip: 5, Times: 1, Status: 500, Code: "InternalError"})
	b.clock.Step(time.Hour)
	if b.Refresh(context.Background()) {
		t.Error("a refresh with failures counts as good")
	}
	after := b.Store.Market()
	if after.Catalogue() != before.Catalogue() || after.Prices() != before.Prices() || after.Stock() == before.Stock() {
		t.Error("what failed was not kept, or what went well was not taken over")
	}
	if log := b.log.String(); strings.Count(log, "\n") != 1 || !strings.Contains(log, "2026-03-01T10:00:00Z") || !strings.Contains(log, "parts=2") {
		t.Errorf("the log says %q", log)
	}
	for part, failed := range map[string]float64{"instance types": 1, "stock": 0, "prices": 1} {
		at, want := b.metric("ebb_market_refreshed_timestamp_seconds", part), epoch
		if failed == 0 {
			want = epoch.Add(time.Hour)
		}
		if got := b.metric("ebb_market_refresh_failed", part); got != failed || at != float64(want.Unix()) {
			t.Errorf("%s: failed %v, refreshed at %v", part, got, at)
		}
	}
	if !b.Refresh(context.Background()) || b.metric("ebb_market_refresh_failed", "prices") != 0 {
		t.Error("the next refresh is not good again")
	}
}

func TestATypeThatIsNotSoldIsNoFailure(t *testing.T) {
	b := newBench(t, "CNY")
	b.fault(rpc.Fault{Action: "DescribeContainerGroupPrice", Match: map[string]string{"InstanceType": "ecs.t5-lc2m1.nano"}, Status: 400, Code: "InvalidInstanceTypeForEciBuy"})
	if !b.Refresh(context.Background()) {
		t.Fatal(b.log.String())
	}
	if _, ok := b.Store.Market().Prices().Lookup("ecs.t5-lc2m1.nano"); ok {
		t.Error("a price of a type that is not sold")
	}
}

func TestPricesInAnotherCurrencyAreRefused(t *testing.T) {
	b := newBench(t, "USD")
	if b.Refresh(context.Background()) {
		t.Error("prices in CNY were taken into a book in USD")
	}
	if !strings.Contains(b.log.String(), "CNY") || !strings.Contains(b.log.String(), "USD") {
		t.Errorf("the log says %q", b.log.String())
	}
}

func (b *bench) metric(name, part string) float64 {
	b.Helper()
	registry := prometheus.NewPedanticRegistry()
	registry.MustRegister(b.Refresher)
	families, err := registry.Gather()
	if err != nil {
		b.Fatal(err)
	}
	for _, f := range families {
		for _, m := range f.GetMetric() {
			if f.GetName() == name && m.GetLabel()[0].GetValue() == part {
				return m.GetGauge().GetValue()
			}
		}
	}
	b.Fatalf("no %s of %s", name, part)
	return 0
}
