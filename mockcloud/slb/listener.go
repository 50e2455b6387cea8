package slb

import (
	"fmt"
	"time"
)

// Protocols of listeners, as the service writes them.
const (
	protocolHTTP  = "http"
	protocolHTTPS = "https"
	protocolTCP   = "tcp"
)

// States of a listener. It rests in stopped or running, and passes through the
// others.
const (
	stopped     = "stopped"
	running     = "running"
	starting    = "starting"
	stopping    = "stopping"
	configuring = "configuring"
)

// listener is one port of a load balancer.
type listener struct {
	port     int
	protocol string

	target  target
	shared  sharedSettings
	http    httpSettings    // http and https
	https   httpsSettings   // https
	forward forwardSettings // http
	tcp     tcpSettings     // tcp
	check   tcpCheck        // tcp

	state string    // stopped or running
	phase string    // what it passes through, until then
	until time.Time // end of phase

	rules      []rule
	extensions []extension
	tags       tags
}

// status is the state that calls show.
func (l *listener) status(now time.Time) string {
	if now.Before(l.until) {
		return l.phase
	}
	return l.state
}

// move has the listener pass through a phase to a state.
func (l *listener) move(phase, state string, w *world) {
	l.phase, l.state, l.until = phase, state, w.now.Add(w.configuring)
}

// listenerID is how tag actions name a listener.
func listenerID(balancer string, l *listener) string {
	return fmt.Sprintf("%s_%s_%d", balancer, l.protocol, l.port)
}

// layer7 reports whether the listener has rules.
func (l *listener) layer7() bool { return l.protocol != protocolTCP }

// uses reports whether the listener or one of its domain extensions has the
// certificate.
func (l *listener) uses(certificate string) bool {
	if l.protocol != protocolHTTPS {
		return false
	}
	if value(l.https.ServerCertificateId) == certificate {
		return true
	}
	for _, x := range l.extensions {
		if x.certificate == certificate {
			return true
		}
	}
	return false
}

// portRef names a listener whose protocol the action implies.
type portRef struct {
	LoadBalancerId string `rpc:",required"`
	ListenerPort   int    `rpc:",required"`
}

func (r *portRef) scope(*state) scope {
	return scope{key: r.LoadBalancerId, kind: onListener, object: fmt.Sprint(r.ListenerPort)}
}

// listenerRef names a listener. The protocol may be left out.
type listenerRef struct {
	portRef
	ListenerProtocol string
}

func (r *listenerRef) validate() error {
	if r.ListenerProtocol == "" {
		return nil
	}
	return oneOf("ListenerProtocol", &r.ListenerProtocol, protocolHTTP, protocolHTTPS, protocolTCP)
}

// target is where a listener sends what no rule claims: a vServer group, or a
// port of the instance's default servers.
type target struct {
	VServerGroupId    string `json:",omitempty"`
	BackendServerPort *int   `json:",omitempty"`
}

func (t target) validate(s *state, balancer string, w *world) error {
	if t.VServerGroupId == "" {
		if t.BackendServerPort == nil {
			return given("BackendServerPort", "")
		}
		return inRange("BackendServerPort", t.BackendServerPort, 1, 65535)
	}
	_, err := s.ownGroup(t.VServerGroupId, balancer, w)
	return err
}

// ownGroup finds a group that a listener or rule of a load balancer shall lead
// to.
func (s *state) ownGroup(id, balancer string, w *world) (*serverGroup, error) {
	g, err := s.group(id)
	switch {
	case err != nil:
	case g.balancer != balancer:
		err = refuse("VipNotMatchRspool", "The vServer group %s does not belong to the load balancer %s.", id, balancer)
	case w.refuseEmpty && len(g.members) == 0:
		err = refuse("VServerGroupEmpty", "The vServer group %s has no backend server.", id)
	}
	return g, err
}
