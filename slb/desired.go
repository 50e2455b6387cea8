package slb

// Protocol of a listener.
type Protocol string

// The protocols that this package programs.
const (
	HTTP  Protocol = "http"
	HTTPS Protocol = "https"
	TCP   Protocol = "tcp"
)

// Desired is what a load balancer shall look like, as far as this owner is
// concerned: own objects that it does not mention are deleted. The order of
// the lists counts only where a limit forces a choice: what is there already
// comes first, then what stands first.
type Desired struct {
	Listeners    []Listener
	Groups       []Group
	Certificates []Certificate
}

// Listener is a port of the load balancer. Scheduling is weighted round robin
// and session stickiness is off, since it distorts splits. So are health checks
// unless Checked: readiness is known better than a check could find out, and
// checks on a queue-proxy count as traffic.
type Listener struct {
	Protocol Protocol
	Port     int // 1 to 65535
	// Group is the key of the vServer group that gets what no rule matches.
	// Required.
	Group string
	// IdleTimeout of a client connection: 1 to 60 s, HTTP and HTTPS. Zero is
	// the service's default of 15 s and leaves what is there.
	IdleTimeout int
	// RequestTimeout of an answer: 1 to 180 s, HTTP and HTTPS. Zero is the
	// service's default of 60 s and leaves what is there.
	RequestTimeout int
	// EstablishedTimeout of a connection: 10 to 900 s, TCP. Zero is the
	// service's default and leaves what is there.
	EstablishedTimeout int
	// Checked lets a TCP listener connect to its members every 2 s, and pass
	// over one that fails 3 times: for members whose machine may die long
	// before anybody notices.
	Checked bool
	// Gzip lets the load balancer compress answers.
	Gzip bool
	// Certificate is the fingerprint of the certificate for clients that send
	// no server name or an unknown one. Required for HTTPS.
	Certificate string
	// TLSCipherPolicy such as tls_cipher_policy_1_2; empty is the service's
	// default and leaves what is there.
	TLSCipherPolicy string
	Extensions      []Extension
	Rules           []Rule
}

// Extension is a certificate that an HTTPS listener shows for a server name.
type Extension struct {
	Domain      string // exact, or *.example.com
	Certificate string // fingerprint
}

// Rule sends requests to a vServer group. A listener has at most one rule for
// each Domain and URL.
type Rule struct {
	// Domain is an exact host or *.example.com; empty matches any host.
	Domain string
	// URL is a plain prefix of the path, never "/"; empty matches any path.
	URL string
	// Group is the key of a group in Desired.
	Group string
}

// Group is a vServer group: members that share traffic by their weights.
type Group struct {
	// Key names it: up to 67 letters, digits and -/._
	Key     string
	Members []Member
}

// Member is a backend in a group: an address of a network interface. A member that leaves is first kept with
// weight 0 until its requests have ended, then no longer mentioned: the time
// between the two is the caller's, who knows the request timeout. One that is not
// there is not added at weight 0.
type Member struct {
	ServerID string // of the network interface
	IP       string
	Port     int // 1 to 65535
	Weight   int // 0 to 100
	// Description is shown in the console, 1 to 80 letters, digits and -/._
	// It is set when a member is added and never compared.
	Description string
}

// identity is what the API tells members apart by.
type identity struct {
	serverID, ip string
	port         int
}

func (m Member) identity() identity { return identity{m.ServerID, m.IP, m.Port} }

// Endpoint is a listener's place on a load balancer.
type Endpoint struct {
	Protocol Protocol
	Port     int
}

// Endpoint of the listener.
func (l Listener) Endpoint() Endpoint { return Endpoint{l.Protocol, l.Port} }

// layer7 listeners have rules.
func (e Endpoint) layer7() bool { return e.Protocol == HTTP || e.Protocol == HTTPS }

// match is what a rule matches.
type match struct{ domain, url string }

func (r Rule) match() match { return match{r.Domain, r.URL} }
