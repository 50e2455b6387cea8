package balancer

import (
	"errors"
	"net"
	"strconv"
	"sync/atomic"
)

// server is a listener's way of serving.
type server interface {
	serve(net.Listener) error
	// finish ends it, but lets requests under way end if they can.
	finish()
	// cut ends it at once.
	cut()
}

// frontKey is what a front keeps while it is open.
type frontKey struct {
	port     int
	protocol Protocol
}

// front is an open listener.
type front struct {
	config    *Config
	listener  net.Listener
	server    server
	sessions  *sessions
	exchanges *sessions // requests; empty without CutOnRemoval
	tickets   *tickets
	probe     *prober
	table     atomic.Pointer[table]
	pools     map[poolKey]*pool // only the Balancer's lock holder touches it
	done      chan struct{}     // closed when finish has returned
}

// openFront binds a listener's port and serves.
func openFront(config *Config, lb LoadBalancer, want Listener, groups map[string]Group) (*front, error) {
	address := net.JoinHostPort(lb.Address.String(), strconv.Itoa(want.Port))
	listener, err := config.Listen("tcp", address)
	if err != nil {
		return nil, err
	}
	reach := net.Dialer{}
	if config.Source.IsValid() {
		reach.LocalAddr = &net.TCPAddr{IP: config.Source.AsSlice()}
	}
	f := &front{
		config: config, listener: listener, sessions: newSessions(), exchanges: newSessions(),
		tickets: &tickets{clock: config.Clock, lifetime: config.Limits.TicketLifetime},
		probe:   newProber(reach), pools: map[poolKey]*pool{}, done: make(chan struct{}),
	}
	f.update(lb, want, groups)
	f.server = f.newServer(want.Protocol, &dialer{dialer: reach, timeout: config.Limits.ConnectTimeout})
	go f.run()
	return f, nil
}

func (f *front) newServer(protocol Protocol, dialer *dialer) server {
	if protocol == TCP {
		return &tcpServer{config: f.config, table: f.table.Load, sessions: f.sessions, dialer: dialer}
	}
	s := newWebServer(f.config, f.table.Load, f.sessions, dialer)
	s.exchanges = f.exchanges
	return s
}

func (f *front) run() {
	if err := f.server.serve(f.listener); !errors.Is(err, net.ErrClosed) {
		f.config.Log.WithError(err).Debugf("listener %s ended", f.listener.Addr())
	}
}

// update makes the front go by other settings; connections stay.
func (f *front) update(lb LoadBalancer, want Listener, groups map[string]Group) {
	used := map[poolKey]*pool{}
	poolOf := func(group string, policy Policy) *pool {
		if group == "" {
			return nil
		}
		return f.pool(used, policy.key(group, want.Protocol), groups[group])
	}
	other := poolOf(want.DefaultGroup, want.Policy)
	t := &table{loadBalancer: lb.ID, address: lb.Address.String(), listener: want, groups: groups}
	t.router = newRouter(want.Rules, func(r Rule) *pool {
		policy := want.Policy
		if r.Policy != nil {
			policy = *r.Policy
		}
		return poolOf(r.Group, policy)
	}, other)
	if want.Protocol == HTTPS {
		t.tls = tlsConfig(want.TLS, f.tickets)
	}
	f.table.Store(t)
	for key, unused := range f.pools {
		if used[key] == nil {
			unused.retire()
		}
	}
	f.pools = used
	f.cutGone(groups)
}

// cutGone ends what belongs to members that have left their groups, if that is
// asked for.
func (f *front) cutGone(groups map[string]Group) {
	if !f.config.CutOnRemoval {
		return
	}
	f.exchanges.cutGone(groups)
	if !f.table.Load().drains() {
		f.sessions.cutGone(groups)
	}
}

// pool answers the pool of a group under a policy, with its present members.
func (f *front) pool(used map[poolKey]*pool, key poolKey, group Group) *pool {
	p := used[key]
	if p == nil {
		if p = f.pools[key]; p == nil {
			p = f.newPool(key)
		}
		p.set(group.Members)
		used[key] = p
	}
	return p
}

func (f *front) newPool(key poolKey) *pool {
	return newPool(key, f.config.Nodes, func(m Member) *monitor {
		watch := &monitor{member: m, check: key.policy.HealthCheck, probe: f.probe.probe, clock: f.config.Clock, fell: f.drain}
		watch.start()
		return watch
	}, f.drain)
}

// drain ends the connections of a TCP listener to a member that is gone or
// unhealthy, after a while and unless it is back by then.
func (f *front) drain(member memberKey) {
	if after := f.table.Load().listener.TCPTimers.Drain; after > 0 {
		f.sessions.drain(f.config.Clock, after, member, func() bool {
			p := f.table.Load().router.other
			return p != nil && p.has(member)
		})
	}
}

// key is a pool's identity; policies that differ only in what they leave to
// defaults are the same.
func (p Policy) key(group string, protocol Protocol) poolKey {
	if p.Scheduler == "" {
		p.Scheduler = WRR
	}
	if p.HealthCheck.Enabled {
		p.HealthCheck = p.HealthCheck.withDefaults(protocol)
	} else {
		p.HealthCheck = HealthCheck{}
	}
	return poolKey{group: group, policy: p}
}

// close frees the port. Requests under way go on; connections that have no
// end to wait for are cut.
func (f *front) close() {
	_ = f.listener.Close()
	f.sessions.cutAll()
	for _, p := range f.pools {
		p.retire()
	}
}

// finish waits for the requests under way after close.
func (f *front) finish() {
	defer close(f.done)
	f.server.finish()
}

// finished reports whether finish has returned.
func (f *front) finished() bool {
	select {
	case <-f.done:
		return true
	default:
		return false
	}
}
