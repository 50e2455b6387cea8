package eci

import (
	"fmt"
	"sync"
	"time"

	"github.com/sirupsen/logrus"
	kclock "k8s.io/utils/clock"

	"github.com/ebb-node/ebb/mockcloud/clock"
	"github.com/ebb-node/ebb/mockcloud/eci/credits"
	"github.com/ebb-node/ebb/mockcloud/rpc"
	"github.com/ebb-node/ebb/mockcloud/runtime"
)

// Version of the API.
const Version = "2018-08-08"

// Config of the product.
type Config struct {
	RegionID       string
	Zones          []string
	VSwitches      []VSwitch // the first one is the account's default
	SecurityGroups []string  // as above
	// InstanceTypes adds ECS types to the embedded catalogue: vCPU and GiB.
	InstanceTypes map[string][2]float64

	Clock   *clock.Clock
	Wall    kclock.PassiveClock // the callers' time, for exec sessions; nil is the machine's
	Runtime runtime.Runtime
	// ScheduleLatency is how long a group is Scheduling.
	ScheduleLatency time.Duration
	// PlainExec offers no sub-protocol for exec sessions, as a third party
	// observed; otherwise Kubernetes' channel protocol is offered too.
	PlainExec bool

	Log *logrus.Entry
}

// Service is the product. It is safe for concurrent use.
type Service struct {
	config   Config
	clock    *clock.Clock
	runtime  runtime.Runtime
	types    map[string]size
	terms    map[string]credits.Terms // of burstable types
	prices   prices
	stock    stock
	sessions sessions

	background sync.WaitGroup
	setting    sync.Mutex // held while a balance of credits is set
	sampling   sync.Mutex // held while a group is read, so that readings stay in order

	mu      sync.Mutex
	closed  bool
	subnets []*subnet
	groups  groupList
	tokens  map[string]token
}

// New makes the product; it starts to sample usage at once.
func New(c Config) (*Service, error) {
	if c.Wall == nil {
		c.Wall = kclock.RealClock{}
	}
	types, err := defaultInstanceTypes()
	if err != nil {
		return nil, err
	}
	for name, s := range c.InstanceTypes {
		types[name] = size{s[0], s[1]}
	}
	terms, err := credits.DefaultTerms()
	if err != nil {
		return nil, err
	}
	listed, err := defaultPrices()
	if err != nil {
		return nil, err
	}
	s := &Service{
		config: c, clock: c.Clock, runtime: c.Runtime, types: types, terms: terms, prices: listed,
		groups: newGroupList(), tokens: map[string]token{},
	}
	for _, v := range c.VSwitches {
		sub, err := newSubnet(v)
		if err != nil {
			return nil, err
		}
		s.subnets = append(s.subnets, sub)
	}
	if len(s.subnets) == 0 || len(c.SecurityGroups) == 0 {
		return nil, fmt.Errorf("mock ECI: at least one vSwitch and one security group are needed")
	}
	s.clock.AfterFunc(sampleInterval, s.sampleAll)
	return s, nil
}

// Product registers the actions at a front door.
func (s *Service) Product() rpc.Product {
	// Limits: https://help.aliyun.com/zh/eci/developer-reference/api-eci-2018-08-08-quota
	bucket := rpc.Limit{Burst: 100, Refill: 20, Per: time.Second}
	return rpc.Product{Name: "Eci", Version: Version, Actions: []rpc.Action{
		rpc.Handle("CreateContainerGroup", bucket, s.create),
		rpc.Handle("DeleteContainerGroup", bucket, s.delete),
		rpc.Handle("RestartContainerGroup", rpc.PerMinute(1000), s.restart),
		rpc.Handle("DescribeContainerGroups", rpc.PerMinute(2000), s.describeGroups),
		rpc.PostOnly(rpc.Handle("DescribeContainerGroupStatus", rpc.PerMinute(10000), s.describeStatus)),
		rpc.PostOnly(rpc.Handle("DescribeContainerGroupEvents", rpc.PerMinute(10000), s.describeEvents)),
		rpc.Handle("DescribeContainerLog", rpc.PerMinute(500), s.describeLog),
		rpc.Handle("ExecContainerCommand", rpc.PerMinute(500), s.exec),
		rpc.Handle("DescribeContainerGroupMetric", rpc.PerMinute(2000), s.describeMetric),
		rpc.Handle("DescribeMultiContainerGroupMetric", rpc.PerMinute(2000), s.describeMultiMetric),
		rpc.Handle("DescribeContainerGroupPrice", rpc.PerMinute(1000), s.describePrice),
		rpc.Handle("DescribeAvailableResource", rpc.Limit{}, s.describeAvailable),
		rpc.Handle("DescribeRegions", rpc.PerMinute(10000), s.describeRegions),
	}}
}

// SetStock changes what there is of something.
func (s *Service) SetStock(setting StockSetting) error { return s.stock.set(setting) }

// Stock answers the settings made so far.
func (s *Service) Stock() []StockSetting { return s.stock.list() }

// Close waits for work that is under way. The runtime stays open.
func (s *Service) Close() {
	s.mu.Lock()
	s.closed = true
	s.mu.Unlock()
	s.background.Wait()
}
