package balancer

import (
	"crypto/tls"
	"net/netip"
	"time"
)

// LoadBalancer is what one instance should do. The zero value of a switch is
// off: the API's defaults are the control plane's affair.
type LoadBalancer struct {
	ID        string
	Address   netip.Addr
	Listeners []Listener // at most one of a port
}

// Protocol of a listener.
type Protocol string

// The protocols that can be forwarded.
const (
	HTTP  Protocol = "http"
	HTTPS Protocol = "https"
	TCP   Protocol = "tcp"
)

// Listener accepts on one port while Running. A stopped one keeps its place
// in the desired state but is closed.
type Listener struct {
	Port     int
	Protocol Protocol
	Running  bool

	// DefaultGroup is the id of the group that takes what no rule does; empty
	// is none.
	DefaultGroup string
	Rules        []Rule // HTTP and HTTPS only
	Policy              // of the default group, and of rules without their own

	// RequestTimeout is how long a backend may stay silent before the client
	// gets 504; zero is DefaultRequestTimeout.
	RequestTimeout time.Duration
	// IdleTimeout is how long an HTTP/1 client connection waits for its next
	// request; zero is DefaultIdleTimeout.
	IdleTimeout time.Duration
	Forwarded   ForwardedHeaders
	Gzip        bool
	// Redirect turns a whole HTTP listener into a redirect when its Port is
	// not zero.
	Redirect Redirect

	TLS       TLS       // HTTPS only
	TCPTimers TCPTimers // TCP only
}

// ForwardedHeaders are the headers that a request may get on its way to the
// backend.
type ForwardedHeaders struct {
	For           bool // X-Forwarded-For: the client's address, appended
	Proto         bool // X-Forwarded-Proto: the listener's protocol
	SLBID         bool // SLB-ID: the load balancer's id
	SLBIP         bool // SLB-IP: the load balancer's address
	SLBPort       bool // X-Forwarded-Port: the listener's port
	ClientSrcPort bool // X-Forwarded-Client-srcport: the client's port
}

// Redirect sends every request of an HTTP listener to the same URL by HTTPS.
type Redirect struct {
	Port int // of the HTTPS listener; zero does not redirect
	Code int // zero is DefaultRedirectCode
}

// TLS is how an HTTPS listener is terminated.
type TLS struct {
	Certificate *tls.Certificate            // for clients that name no other domain
	Domains     map[string]*tls.Certificate // domain extensions by exact domain or *.domain
	Policy      TLSPolicy                   // empty is DefaultTLSPolicy
	HTTP2       bool
}

// TCPTimers belong to a TCP listener.
type TCPTimers struct {
	// Established is how long a connection may stay silent; zero is
	// DefaultEstablishedTimeout.
	Established time.Duration
	// Drain is how long connections of a member that is removed or unhealthy
	// live on; zero leaves them alone.
	Drain time.Duration
}

// Rule sends requests of a domain, a URL prefix or both to a group.
type Rule struct {
	Name   string
	Domain string // exact, or *. before a domain; empty is any
	URL    string // prefix; empty is any
	Group  string // id
	// Policy is the rule's own when it is not in sync with the listener's.
	Policy *Policy
}

// Policy is how a group's members are chosen.
type Policy struct {
	Scheduler   Scheduler // empty is WRR
	Sticky      Sticky
	HealthCheck HealthCheck
}

// Scheduler is an algorithm that picks a member.
type Scheduler string

// The schedulers that can be had.
const (
	WRR Scheduler = "wrr" // weighted round robin
	RR  Scheduler = "rr"  // round robin; weights count only as zero or not
)

// Sticky keeps a client at its member with a cookie of the load balancer.
type Sticky struct {
	Insert        bool
	CookieTimeout time.Duration // whole seconds
}

// Group is a vServer group.
type Group struct {
	ID      string
	Members []Member
}

// Member is a backend of a group, known by server, address and port.
type Member struct {
	ServerID string
	IP       netip.Addr
	Port     int
	Weight   int // 0 to 100; zero gets nothing new
}

// endpoint is where a member is reached.
func (m Member) endpoint() string {
	return netip.AddrPortFrom(m.IP, uint16(m.Port)).String()
}
