package gateway

import (
	"context"
	"fmt"
	"maps"
	"strings"
	"sync"
	"time"

	"github.com/sirupsen/logrus"
	"k8s.io/utils/clock"

	"github.com/ebb-node/ebb/ecs"
)

// Finding the network interface behind an address.
const (
	// interfaceGather is how long a question waits for others, so that pods
	// that start together are asked for in one call.
	interfaceGather = 20 * time.Millisecond
	// interfaceAge is how long an answer counts: addresses that no pod's name
	// comes with, such as those of the relay, may get another interface.
	interfaceAge = 10 * time.Minute
	// missingAge is how long it counts that an address has no interface, or
	// that the question failed: an interface is there before its pod is ready,
	// so that this is either for good or for a moment.
	missingAge = 10 * time.Second
	// interfaceTimeout bounds a call with its repetitions.
	interfaceTimeout = 30 * time.Second
)

// interfaceFinder is what the gateway needs of *ecs.Client.
type interfaceFinder interface {
	NetworkInterfacesByAddress(ctx context.Context, vpc string, addresses []string) ([]ecs.NetworkInterface, error)
}

// interfaces knows which network interface has an address. Questions do not
// wait: who asks is woken when there is an answer.
type interfaces struct {
	finder interfaceFinder
	clock  clock.Clock
	log    logrus.FieldLogger
	wake   func(waiter)
	// missing is missingAge but in tests.
	missing time.Duration

	mu      sync.Mutex
	vpc     string                     // empty: any
	located bool                       // the VPC is known, or cannot be
	known   map[string]*interfaceEntry // by address
	pending chan struct{}
}

// waiter is who asked: an Ingress or a load balancer.
type waiter any

type interfaceEntry struct {
	id      string // empty: there is none
	err     error  // why it is not known
	at      time.Time
	asked   bool // since the answer
	waiters map[waiter]bool
}

// answer about an address.
type answer struct {
	id string
	// waiting means that nothing is known yet.
	waiting bool
	err     error
}

// newInterfaces asks nothing before the VPC is known: see locate.
func newInterfaces(f interfaceFinder, vpc string, c clock.Clock, log logrus.FieldLogger, wake func(waiter)) *interfaces {
	return &interfaces{
		finder: f, vpc: vpc, located: vpc != "", clock: c, log: log, wake: wake, missing: missingAge,
		known: map[string]*interfaceEntry{}, pending: make(chan struct{}, 1),
	}
}

// locate says in which VPC to look, unless that is known. Empty means that
// nobody can say now: then addresses that are in one VPC only are found.
func (n *interfaces) locate(vpc string) {
	n.mu.Lock()
	defer n.mu.Unlock()
	if n.vpc != "" || n.located && vpc == "" {
		return
	}
	n.vpc, n.located = vpc, true
	maps.DeleteFunc(n.known, func(_ string, e *interfaceEntry) bool { return e.waiters == nil }) // of any VPC
	n.tell()
}

// lookup answers at once. When the answer is old or missing it is asked for,
// and w is woken when it has changed.
func (n *interfaces) lookup(address string, w waiter) answer {
	n.mu.Lock()
	defer n.mu.Unlock()
	e := n.known[address]
	if e == nil {
		e = &interfaceEntry{}
		n.known[address] = e
	}
	if !e.fresh(n.clock.Now(), n.missing) {
		if e.waiters == nil {
			e.waiters = map[waiter]bool{}
		}
		e.waiters[w] = true
		n.ask(e)
	}
	return answer{id: e.id, err: e.err, waiting: e.at.IsZero()}
}

func (e *interfaceEntry) fresh(now time.Time, missing time.Duration) bool {
	if e.at.IsZero() {
		return false
	}
	age := interfaceAge
	if e.id == "" {
		age = missing
	}
	return now.Sub(e.at) < age
}

func (n *interfaces) ask(e *interfaceEntry) {
	e.asked = true
	n.tell()
}

func (n *interfaces) tell() {
	select {
	case n.pending <- struct{}{}:
	default: // it is told already
	}
}

// Start asks until ctx ends.
func (n *interfaces) Start(ctx context.Context) error {
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-n.pending:
		}
		timer := n.clock.NewTimer(interfaceGather)
		select {
		case <-ctx.Done():
			timer.Stop()
			return nil
		case <-timer.C():
		}
		n.round(ctx)
	}
}

// round asks for all addresses that are wanted.
func (n *interfaces) round(ctx context.Context) {
	vpc, asked := n.take()
	if len(asked) == 0 {
		return
	}
	ctx, cancel := context.WithTimeout(ctx, interfaceTimeout)
	defer cancel()
	found, err := n.finder.NetworkInterfacesByAddress(ctx, vpc, asked)
	if err != nil {
		n.log.WithError(err).WithField("addresses", len(asked)).Warn("network interfaces are not known, will ask again")
	}
	byAddress := map[string][]string{}
	for _, i := range found {
		for _, address := range i.PrivateIPs {
			byAddress[address] = append(byAddress[address], i.ID)
		}
	}
	for _, w := range n.store(asked, byAddress, err) {
		n.wake(w)
	}
}

// take picks the questions, and forgets answers that nobody wanted for long.
func (n *interfaces) take() (vpc string, asked []string) {
	n.mu.Lock()
	defer n.mu.Unlock()
	if !n.located {
		return "", nil
	}
	now := n.clock.Now()
	for address, e := range n.known {
		switch {
		case e.asked:
			asked = append(asked, address)
			e.asked = false
		case now.Sub(e.at) > 2*interfaceAge:
			delete(n.known, address)
		}
	}
	return n.vpc, asked
}

// store keeps answers and returns who has to know. A failure leaves alone what
// is known.
func (n *interfaces) store(asked []string, found map[string][]string, failure error) (wake []waiter) {
	n.mu.Lock()
	defer n.mu.Unlock()
	now := n.clock.Now()
	for _, address := range asked {
		e := n.known[address]
		id, err := only(found[address])
		if failure != nil {
			id, err = e.id, failure
		}
		changed := e.at.IsZero() || id != e.id || (err == nil) != (e.err == nil)
		e.id, e.err, e.at = id, err, now
		if changed {
			for w := range e.waiters {
				wake = append(wake, w)
			}
		}
		e.waiters = nil
	}
	return wake
}

// only is the one interface that has an address; empty: none has.
func only(ids []string) (string, error) {
	switch len(ids) {
	case 0:
		return "", nil
	case 1:
		return ids[0], nil
	}
	return "", fmt.Errorf("network interfaces %s all have it, in several VPCs; give --gateway-vpc", strings.Join(ids, ", "))
}
