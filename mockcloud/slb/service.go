package slb

import (
	"crypto/rand"
	"fmt"
	"net/netip"
	"sync"
	"time"

	"github.com/sirupsen/logrus"

	"github.com/ebb-node/ebb/mockcloud/clock"
)

// Version of the API.
const Version = "2014-05-15"

// Latencies are how long the product takes, in the cloud's time. Zero is at
// once.
type Latencies struct {
	// Write is how long a write takes until it is answered; other writes to
	// the same load balancer are refused meanwhile.
	Write time.Duration
	// Configuring is how much longer the load balancer stays busy, and a
	// listener in a transient state, after the answer.
	Configuring time.Duration
	// Effect is the time from the answer until the data plane follows.
	Effect time.Duration
}

// Config of the product.
type Config struct {
	RegionID  string
	VSwitches []VSwitch
	// Intranet and Internet are the ranges that addresses come from, without
	// their first and last one.
	Intranet, Internet netip.Prefix
	Servers            Servers
	Quotas             Quotas
	// RefuseEmptyGroups lets no listener or rule be led to a vServer group
	// without members. The code for that is documented, VServerGroupEmpty
	// (https://github.com/AlibabaCloudDocs/slb, Common error codes), what
	// demands it is not.
	RefuseEmptyGroups bool
	Latencies         Latencies
	Clock             *clock.Clock
	// DataPlane follows what is configured; nil is none.
	DataPlane DataPlane
	Log       *logrus.Entry // nil is silent
}

// Service is the product. It is safe for concurrent use.
type Service struct {
	config  Config
	effects effects

	mu    sync.Mutex
	state *state
}

// New makes the product.
func New(c Config) (*Service, error) {
	for name, pool := range map[string]netip.Prefix{intranet: c.Intranet, internet: c.Internet} {
		if !pool.IsValid() || !pool.Addr().Is4() || pool.Bits() > 30 {
			return nil, fmt.Errorf("mock SLB: the %s range %s is not an IPv4 network of at least 4 addresses", name, pool)
		}
	}
	c.Intranet, c.Internet = c.Intranet.Masked(), c.Internet.Masked()
	if c.Intranet.Overlaps(c.Internet) {
		return nil, fmt.Errorf("mock SLB: the ranges %s and %s overlap", c.Intranet, c.Internet)
	}
	s := &Service{config: c, state: newState()}
	s.effects.init(c)
	return s, nil
}

// world is the circumstances of a call that comes now.
func (s *Service) world(caller string) *world {
	return &world{
		now: s.config.Clock.Now(), caller: caller, region: s.config.RegionID, quotas: s.config.Quotas, refuseEmpty: s.config.RefuseEmptyGroups,
		configuring: s.config.Latencies.Configuring, vSwitches: s.config.VSwitches,
		intranet: s.config.Intranet, internet: s.config.Internet, servers: s.config.Servers, newID: newID,
	}
}

// newID makes an id in the service's style: a prefix and 20 characters.
func newID(prefix string) string {
	const alphabet = "abcdefghijklmnopqrstuvwxyz0123456789"
	b := make([]byte, 20)
	rand.Read(b)
	for i := range b {
		b[i] = alphabet[int(b[i])%len(alphabet)]
	}
	return prefix + string(b)
}
