package gateway

import (
	"cmp"
	"reflect"
	"strconv"
	"time"

	"github.com/ebb-node/ebb/gateway/ingress"
	"github.com/ebb-node/ebb/gateway/relay"
	"github.com/ebb-node/ebb/slb"
)

// balancerKey names a load balancer: the first, second, ... of a visibility.
type balancerKey struct {
	visibility ingress.Visibility
	ordinal    int // from 1
}

// suffix numbers the second and later ones.
func (k balancerKey) suffix() string {
	if k.ordinal == 1 {
		return ""
	}
	return "-" + strconv.Itoa(k.ordinal)
}

// String is the load balancer's name in tags, metrics and the log: internet,
// internet-2, intranet.
func (k balancerKey) String() string { return k.visibility.String() + k.suffix() }

func (k balancerKey) compare(o balancerKey) int {
	return cmp.Or(cmp.Compare(k.visibility, o.visibility), cmp.Compare(k.ordinal, o.ordinal))
}

// balancer is what is known of a load balancer.
type balancer struct {
	key      balancerKey
	groups   map[string]*membership // by key of vServer group
	found    found
	instance slb.Instance // empty until it is known
	recorded string       // its id, as the Service has it
	address  string       // known from the Service before the instance is
	err      error        // why there is no instance
	seeded   bool         // groups and found are filled
	freed    bool         // the relay has left a group that others wait for
	wishes   wishes
	state    *slb.State // of wishes.stated
	trouble  string     // what is wrong by state
	fault    string     // what is wrong with the configured default certificate
	writer   *slb.Writer
	stop     func()      // ends the writer
	changed  time.Time   // when the oldest change came that is not wished for yet
	undone   []time.Time // when changes came that are wished for but not done
}

// want tells the Writer of a wish, unless it is the last one again.
func (b *balancer) want(d slb.Desired, now time.Time) {
	changed := b.changed
	b.changed, b.found.rules = time.Time{}, nil
	if b.wishes.last != nil && reflect.DeepEqual(*b.wishes.last, d) {
		return
	}
	if changed.IsZero() {
		changed = now
	}
	b.wishes.add(d, changed)
	b.writer.Want(d)
}

func newBalancer(key balancerKey) *balancer {
	return &balancer{key: key, groups: map[string]*membership{}}
}

// found is what was on a load balancer at the start and may have to stay as it
// is.
type found struct {
	tls   bool                       // its own HTTPS listener
	names map[string]bool            // server names on it
	rules map[relay.Front][]slb.Rule // own ones, without groups, until the first wish
}

// seed takes over what is on the load balancer, so that a restart changes no
// weight for nothing and cuts nobody off.
func (b *balancer) seed(a slb.Actual) {
	b.instance, b.address, b.seeded = a.Instance, a.Instance.Address, true
	for _, g := range a.Groups {
		if g.Owned && b.groups[g.Key] == nil {
			b.groups[g.Key] = &membership{members: g.Members}
		}
	}
	b.found = found{names: map[string]bool{}, rules: map[relay.Front][]slb.Rule{}}
	for i := range a.Listeners {
		b.found.listener(&a.Listeners[i])
	}
}

func (f *found) listener(l *slb.ActualListener) {
	front := relay.Plain
	switch {
	case !l.Owned:
		return
	case l.Endpoint() == tlsEndpoint:
		front, f.tls = relay.Terminated, true
		for _, e := range l.Extensions {
			f.names[e.Domain] = true
		}
	case l.Endpoint() != plainEndpoint:
		return
	}
	for _, r := range l.Rules {
		if r.Owned {
			f.rules[front] = append(f.rules[front], slb.Rule{Domain: r.Domain, URL: r.URL})
		}
	}
}

// wishes numbers what was wished for, so that a state can be told to be about
// an Ingress as it is now.
type wishes struct {
	last    *slb.Desired // the newest one
	version int          // its number
	open    []wish       // those that no state was about yet, oldest first
	stated  int          // the newest one that a state was about
}

type wish struct {
	version int
	desired slb.Desired
	changed time.Time // when the first change in it came
}

// add numbers a wish.
func (w *wishes) add(d slb.Desired, changed time.Time) {
	w.version++
	w.last = &d
	w.open = append(w.open, wish{w.version, d, changed})
}

// settle finds which wish a state is about, and returns those that are
// superseded or fulfilled by it, itself last. None: it is known already.
func (w *wishes) settle(d slb.Desired) []wish {
	for i := len(w.open) - 1; i >= 0; i-- {
		if sameWish(w.open[i].desired, d) {
			settled := w.open[:i+1]
			w.open = append([]wish(nil), w.open[i+1:]...)
			w.stated = settled[i].version
			return settled
		}
	}
	return nil
}

// sameWish compares by identity: package slb hands back the very lists that it
// was given. Every wish of the gateway has a listener.
func sameWish(a, b slb.Desired) bool {
	return len(a.Listeners) > 0 && len(b.Listeners) > 0 && &a.Listeners[0] == &b.Listeners[0]
}
