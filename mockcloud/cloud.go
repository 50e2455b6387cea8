package mockcloud

import (
	"net/http"
	"time"

	"github.com/ebb-node/ebb/mockcloud/clock"
	"github.com/ebb-node/ebb/mockcloud/eci"
	"github.com/ebb-node/ebb/mockcloud/rpc"
	"github.com/ebb-node/ebb/mockcloud/runtime"
)

// Cloud is a region of a fake Alibaba Cloud. It is safe for concurrent use.
// The methods of its front door (Calls, Counts, AddFault, LiftQuotas, ...) are
// its own.
type Cloud struct {
	*rpc.Server

	clock   *clock.Clock
	runtime runtime.Runtime
	eci     *eci.Service
}

// New makes a cloud. It keeps nothing over a restart.
func New(c Config) (*Cloud, error) {
	c = c.withDefaults()
	if err := c.validate(); err != nil {
		return nil, err
	}
	k := clock.New(c.BaseClock, c.Speed)
	cloud := &Cloud{clock: k, runtime: c.runtime(k)}
	var err error
	cloud.eci, err = eci.New(eci.Config{
		RegionID: c.RegionID, Zones: c.zones(), VSwitches: c.VSwitches, SecurityGroups: c.SecurityGroups,
		InstanceTypes: c.InstanceTypes, Clock: k, Wall: c.BaseClock, Runtime: cloud.runtime,
		ScheduleLatency: c.Latencies.Schedule, PlainExec: c.PlainExec, Log: c.Log,
	})
	if err != nil {
		return nil, err
	}
	instances, err := c.instances(cloud.eci)
	if err != nil {
		return nil, err
	}
	loadBalancer, err := c.loadBalancer(k, cloud.eci, instances)
	if err != nil {
		return nil, err
	}
	cloud.Server = rpc.NewServer(rpc.Config{
		RegionID: c.RegionID, Credentials: c.Credentials,
		Products: []rpc.Product{cloud.eci.Product(), instances.Product(), loadBalancer.Product()},
		Clock:    c.BaseClock, QuotasLifted: c.QuotasLifted, Delays: c.Latencies.Calls, Log: c.Log,
	})
	return cloud, nil
}

// Handler is the cloud as its callers see it.
func (c *Cloud) Handler() http.Handler {
	mux := http.NewServeMux()
	mux.Handle("/{$}", c.Server)
	mux.Handle(eci.ExecPath, c.eci.ExecHandler())
	return mux
}

// Close ends all groups and frees what they hold.
func (c *Cloud) Close() error {
	c.clock.Close()
	c.eci.Close()
	return c.runtime.Close()
}

// Now is the cloud's time.
func (c *Cloud) Now() time.Time { return c.clock.Now() }

// Advance moves the cloud's time ahead; what falls due on the way has happened
// when it returns.
func (c *Cloud) Advance(d time.Duration) { c.clock.Advance(d) }

// SetSpeed changes how fast the cloud's time runs; 0 stops it.
func (c *Cloud) SetSpeed(speed float64) { c.clock.SetSpeed(speed) }

// SetStock changes what there is of an instance size or type.
func (c *Cloud) SetStock(s eci.StockSetting) error { return c.eci.SetStock(s) }

// ReclaimSpot takes a spot group away: warning now, end three minutes later.
func (c *Cloud) ReclaimSpot(containerGroupID string) error { return c.eci.Reclaim(containerGroupID) }

// Credits answers the CPU credits of the burstable groups that run. No call of
// the API tells them.
func (c *Cloud) Credits() []eci.CreditState { return c.eci.Credits() }

// SetCredits has a burstable group work at full speed, or rest, until its balance is
// as wanted, and the cloud's time move ahead by as long as that takes.
func (c *Cloud) SetCredits(containerGroupID string, balance float64) (eci.CreditState, error) {
	return c.eci.SetCredits(containerGroupID, balance)
}

// Groups answers every container group there is, as DescribeContainerGroups
// would.
func (c *Cloud) Groups() any { return c.eci.State() }
