package mockcloud

import (
	"fmt"
	"maps"
	"net/netip"
	"slices"
	"time"

	"github.com/sirupsen/logrus"
	kclock "k8s.io/utils/clock"

	"github.com/ebb-node/ebb/mockcloud/clock"
	"github.com/ebb-node/ebb/mockcloud/eci"
	"github.com/ebb-node/ebb/mockcloud/ecs"
	"github.com/ebb-node/ebb/mockcloud/rpc"
	"github.com/ebb-node/ebb/mockcloud/runtime"
	"github.com/ebb-node/ebb/mockcloud/runtime/simulated"
	"github.com/ebb-node/ebb/mockcloud/runtime/tempo"
	"github.com/ebb-node/ebb/mockcloud/slb"
)

// What the zero Config stands for.
const (
	DefaultRegion          = "cn-hangzhou"
	DefaultAccessKeyID     = "mock-access-key-id"
	DefaultAccessKeySecret = "mock-access-key-secret"
	DefaultVSwitch         = "vsw-mock-i"
	DefaultSecurityGroup   = "sg-mock"
)

// defaultVSwitches are one in each of two zones.
var defaultVSwitches = []eci.VSwitch{
	{ID: DefaultVSwitch, Zone: DefaultRegion + "-i", VPCID: "vpc-mock", CIDR: netip.MustParsePrefix("10.240.0.0/16")},
	{ID: "vsw-mock-j", Zone: DefaultRegion + "-j", VPCID: "vpc-mock", CIDR: netip.MustParsePrefix("10.241.0.0/16")},
}

// Latencies are how long the cloud takes. Zero is at once.
type Latencies struct {
	// Calls are answer delays by action name, in the callers' time.
	Calls map[string]time.Duration
	// Schedule is how long a group is Scheduling.
	Schedule time.Duration
	// Simulated are those of the simulated runtime.
	Simulated simulated.Latencies
	// LoadBalancers are those of the Classic Load Balancer.
	LoadBalancers slb.Latencies
}

// Config of a cloud. The zero value is complete: one region with two zones,
// documented quotas, simulated groups that run at once.
type Config struct {
	RegionID       string
	VSwitches      []eci.VSwitch // the first one is the account's default
	SecurityGroups []string      // as above
	Credentials    []rpc.Credential
	// InstanceTypes adds ECS types to the known ones: vCPU and GiB.
	InstanceTypes map[string][2]float64
	// Instances are ECS instances that are always running.
	Instances     []ecs.Instance
	LoadBalancing LoadBalancing

	// Runtime runs the groups, in the machine's time; nil is a simulated one,
	// which lives in the cloud's. Close closes it.
	Runtime runtime.Runtime
	// Load is what a simulated container uses that says nothing about itself.
	Load simulated.Load

	// BaseClock is the callers' time; nil is the machine's.
	BaseClock kclock.WithDelayedExecution
	// Speed of the cloud's own time; zero is 1.
	Speed float64
	// Frozen lets the cloud's time pass by Advance only.
	Frozen bool

	Latencies    Latencies
	QuotasLifted bool
	// PlainExec offers no sub-protocol for exec sessions.
	PlainExec bool

	Log *logrus.Entry // nil is silent
}

// withDefaults fills what is not said.
func (c Config) withDefaults() Config {
	if c.RegionID == "" {
		c.RegionID = DefaultRegion
	}
	if len(c.VSwitches) == 0 {
		c.VSwitches = defaultVSwitches
	}
	if len(c.SecurityGroups) == 0 {
		c.SecurityGroups = []string{DefaultSecurityGroup}
	}
	if len(c.Credentials) == 0 {
		c.Credentials = []rpc.Credential{{AccessKeyID: DefaultAccessKeyID, AccessKeySecret: DefaultAccessKeySecret}}
	}
	if c.BaseClock == nil {
		c.BaseClock = kclock.RealClock{}
	}
	if c.Speed == 0 {
		c.Speed = 1
	}
	if c.Frozen {
		c.Speed = 0
	}
	return c
}

func (c Config) validate() error {
	for _, k := range c.Credentials {
		if k.AccessKeyID == "" || k.AccessKeySecret == "" {
			return fmt.Errorf("mock cloud: a credential needs both AccessKeyID and AccessKeySecret")
		}
	}
	if c.Speed < 0 {
		return fmt.Errorf("mock cloud: Speed %v is negative", c.Speed)
	}
	return nil
}

func (c Config) zones() []string {
	zones := map[string]bool{}
	for _, v := range c.VSwitches {
		zones[v.Zone] = true
	}
	return slices.Sorted(maps.Keys(zones))
}

func (c Config) runtime(k *clock.Clock) runtime.Runtime {
	if c.Runtime != nil {
		return tempo.New(c.Runtime, k, c.BaseClock)
	}
	return simulated.New(k, simulated.Config{Latencies: c.Latencies.Simulated, Load: c.Load})
}
