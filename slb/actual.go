package slb

// Actual is a load balancer as the API describes it. Other people's objects
// are in it too, since they take places and names, with Owned false.
type Actual struct {
	Instance     Instance
	Listeners    []ActualListener
	Groups       []ActualGroup
	Certificates []ActualCertificate // own ones only
}

// ActualListener is a listener of a load balancer.
type ActualListener struct {
	Protocol           Protocol
	Port               int
	Owned              bool
	Status             string // stopped, running, starting, configuring, stopping
	GroupID            string
	Scheduler          string
	IdleTimeout        int  // seconds
	RequestTimeout     int  // seconds
	EstablishedTimeout int  // seconds
	Redirects          bool // answers with redirects only: not made by ebb
	Sticky             bool
	HealthCheck        bool
	Check              ActualCheck // of a TCP listener
	// Switches are "on", "off", or empty where the API does not tell.
	Gzip, ForwardedProto, HTTP2 string
	CertificateID               string
	TLSCipherPolicy             string
	Rules                       []ActualRule
	Extensions                  []ActualExtension
}

// ActualRule is a forwarding rule.
type ActualRule struct {
	ID, Domain, URL, GroupID string
	Owned                    bool
	// Apart means that the rule has a scheduler, health checks and stickiness
	// of its own instead of its listener's.
	Apart bool
}

// ActualExtension is a server name with its certificate.
type ActualExtension struct {
	ID, Domain, CertificateID string
}

// ActualGroup is a vServer group. Members of other people's groups are counted
// only.
type ActualGroup struct {
	ID      string
	Owned   bool
	Key     string // of an own group
	Count   int    // members
	Members []Member
}

// ActualCertificate is a server certificate of this owner and load balancer.
type ActualCertificate struct {
	ID, Fingerprint string
}

// States of a listener
// (https://www.alibabacloud.com/help/en/slb/classic-load-balancer/developer-reference/api-slb-2014-05-15-describeloadbalancerlisteners).
const (
	statusActive   = "active" // of a load balancer, as the next
	statusInactive = "inactive"
	statusRunning  = "running" // of a listener, as the next
	statusStopped  = "stopped"
)

// wrr is weighted round robin, the only scheduler at layer 7 that looks at
// weights.
const wrr = "wrr"

// Endpoint of the listener.
func (l *ActualListener) Endpoint() Endpoint { return Endpoint{l.Protocol, l.Port} }

func (r *ActualRule) match() match { return match{r.Domain, r.URL} }

// listener at an endpoint, nil when there is none.
func (a *Actual) listener(e Endpoint) *ActualListener {
	for i := range a.Listeners {
		if a.Listeners[i].Endpoint() == e {
			return &a.Listeners[i]
		}
	}
	return nil
}

// rule that matches exactly m, nil when there is none.
func (l *ActualListener) rule(m match) *ActualRule {
	for i := range l.Rules {
		if l.Rules[i].match() == m {
			return &l.Rules[i]
		}
	}
	return nil
}

// extension of a server name, nil when there is none.
func (l *ActualListener) extension(domain string) *ActualExtension {
	for i := range l.Extensions {
		if l.Extensions[i].Domain == domain {
			return &l.Extensions[i]
		}
	}
	return nil
}

// groupByID finds a group, nil when there is none.
func (a *Actual) groupByID(id string) *ActualGroup {
	for i := range a.Groups {
		if a.Groups[i].ID == id {
			return &a.Groups[i]
		}
	}
	return nil
}

// group is the own group of a key, nil when there is none. A lost answer may
// have left two; the one that traffic goes to counts.
func (a *Actual) group(key string) *ActualGroup {
	var found *ActualGroup
	for i := range a.Groups {
		g := &a.Groups[i]
		if !g.Owned || g.Key != key {
			continue
		}
		if found == nil || !a.refers(found.ID) && a.refers(g.ID) {
			found = g
		}
	}
	return found
}

// refers reports whether a listener or a rule uses a group.
func (a *Actual) refers(groupID string) bool {
	for i := range a.Listeners {
		if a.Listeners[i].GroupID == groupID {
			return true
		}
		for j := range a.Listeners[i].Rules {
			if a.Listeners[i].Rules[j].GroupID == groupID {
				return true
			}
		}
	}
	return false
}

// certificate is the id of an own certificate, empty when there is none.
func (a *Actual) certificate(fingerprint string) string {
	for _, c := range a.Certificates {
		if c.Fingerprint == fingerprint {
			return c.ID
		}
	}
	return ""
}

// backends counts what the quota of backend servers counts: members of all
// groups, each as often as it occurs, which is the careful reading of an
// undocumented rule, and the instance's default backends.
func (a *Actual) backends() int {
	n := a.Instance.DefaultBackends
	for _, g := range a.Groups {
		n += g.Count
	}
	return n
}

// member of a group, nil when there is none.
func (g *ActualGroup) member(id identity) *Member {
	for i := range g.Members {
		if g.Members[i].identity() == id {
			return &g.Members[i]
		}
	}
	return nil
}

// serving reports whether a member gets new requests.
func (g *ActualGroup) serving() bool {
	for _, m := range g.Members {
		if m.Weight > 0 {
			return true
		}
	}
	return false
}
