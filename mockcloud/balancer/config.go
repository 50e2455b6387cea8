package balancer

import (
	"cmp"
	"io"
	"net"
	"net/netip"
	"time"

	"github.com/sirupsen/logrus"
	kclock "k8s.io/utils/clock"
)

// What is used where the desired state says nothing.
const (
	// https://www.alibabacloud.com/help/en/slb/classic-load-balancer/developer-reference/api-slb-2014-05-15-createloadbalancerhttplistener
	DefaultRequestTimeout = 60 * time.Second
	DefaultIdleTimeout    = 15 * time.Second

	// https://www.alibabacloud.com/help/doc-detail/55193.htm
	DefaultEstablishedTimeout = 900 * time.Second

	// https://www.alibabacloud.com/help/en/slb/classic-load-balancer/user-guide/configure-and-manage-health-checks
	DefaultCheckInterval  = 2 * time.Second
	DefaultCheckTimeout   = 5 * time.Second
	DefaultCheckThreshold = 3

	// DefaultNodes is UNVERIFIED: layer 7 is a cluster of Tengine nodes
	// (https://github.com/AlibabaCloudDocs/slb, architecture), of what size no
	// document says. Of fewer nothing would be seen.
	DefaultNodes = 4

	// DefaultRedirectCode is UNVERIFIED: no document names the code.
	DefaultRedirectCode = 301

	// DefaultTLSPolicy is UNVERIFIED: the one that every client can meet.
	DefaultTLSPolicy = TLSPolicy10
)

// Config of a balancer. The zero value binds the machine's own addresses.
type Config struct {
	// Listen binds a listener's address; nil is net.Listen.
	Listen func(network, address string) (net.Listener, error)
	// Addresses makes an address this machine's before it is bound; nil is
	// for addresses that are there already.
	Addresses Addresses
	// Source is the local address of connections to backends; the zero value
	// leaves it to routing.
	Source netip.Addr
	// Clock is the clients' and the backends' time; nil is the machine's.
	Clock  kclock.WithDelayedExecution
	Limits Limits
	// Nodes is how many machines forward for a listener: connections of clients
	// are spread over them, and each keeps a round robin of its own. Zero is
	// DefaultNodes.
	Nodes int
	// CutOnRemoval ends the requests and connections of a member at once when
	// it is taken out of its group, or the group is deleted. No document says
	// what becomes of them: this is the reading that is hardest on a client. A
	// TCP listener with draining keeps them for its time all the same.
	CutOnRemoval bool
	Log          *logrus.Entry // nil is silent
}

// Addresses gives and takes addresses of the machine.
type Addresses interface {
	Add(netip.Addr) error
	Remove(netip.Addr) error
}

// Limits are fixed in the cloud; they can be set so that a test need not wait
// for them. Zero is what the documents say.
type Limits struct {
	ConnectTimeout    time.Duration // of one attempt to reach a member: 5 s
	WebSocketIdle     time.Duration // silence after which a WebSocket is dropped: 60 s
	HTTP2Idle         time.Duration // silence after which an HTTP/2 connection is closed: 180 s
	KeepAliveRequests int           // after which an HTTP/1 connection is closed: 100
	HTTP2Streams      int           // at once in one HTTP/2 connection: 128
	TicketLifetime    time.Duration // of a TLS session ticket: 300 s
	// HeaderBytes of a request; more is answered with 502. 32 KiB are
	// UNVERIFIED: they are the documented limit of the sister product, ALB.
	HeaderBytes int
	// HeaderTimeout is how long a client may take to send a request's header:
	// 60 s, UNVERIFIED, what Tengine's ancestor does by default.
	HeaderTimeout time.Duration
}

func (l Limits) withDefaults() Limits {
	return Limits{
		ConnectTimeout:    cmp.Or(l.ConnectTimeout, 5*time.Second),
		WebSocketIdle:     cmp.Or(l.WebSocketIdle, 60*time.Second),
		HTTP2Idle:         cmp.Or(l.HTTP2Idle, 180*time.Second),
		KeepAliveRequests: cmp.Or(l.KeepAliveRequests, 100),
		HTTP2Streams:      cmp.Or(l.HTTP2Streams, 128),
		TicketLifetime:    cmp.Or(l.TicketLifetime, 300*time.Second),
		HeaderBytes:       cmp.Or(l.HeaderBytes, 32<<10),
		HeaderTimeout:     cmp.Or(l.HeaderTimeout, 60*time.Second),
	}
}

// withDefaults fills what is not said.
func (c Config) withDefaults() Config {
	c.Limits = c.Limits.withDefaults()
	c.Nodes = cmp.Or(c.Nodes, DefaultNodes)
	if c.Listen == nil {
		c.Listen = net.Listen
	}
	if c.Addresses == nil {
		c.Addresses = present{}
	}
	if c.Clock == nil {
		c.Clock = kclock.RealClock{}
	}
	if c.Log == nil {
		silent := logrus.New()
		silent.SetOutput(io.Discard)
		c.Log = logrus.NewEntry(silent)
	}
	return c
}

// present are addresses that nobody needs to add.
type present struct{}

func (present) Add(netip.Addr) error    { return nil }
func (present) Remove(netip.Addr) error { return nil }
