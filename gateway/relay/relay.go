package relay

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"sync/atomic"

	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/ebb-node/ebb/gateway/ingress"
	"github.com/ebb-node/ebb/gateway/ingress/cached"
)

// Relay keeps a Table up to date from caches and serves by it.
type Relay struct {
	config  Config
	table   *Table
	metrics *metrics
	onOpen  func() // in tests
	serving atomic.Bool
	leaving atomic.Bool
}

func newRelay(c Config, reader client.Reader) (*Relay, error) {
	c = c.withDefaults()
	m, err := newMetrics(c.Metrics)
	if err != nil {
		return nil, err
	}
	if c.Ledger == nil {
		c.Ledger = cached.NewLedger(reader)
	}
	r := &Relay{config: c, metrics: m}
	r.table = NewTable(r.find)
	return r, nil
}

// NeedLeaderElection says that every replica relays.
func (r *Relay) NeedLeaderElection() bool { return false }

// Start serves until ctx ends and all is drained. No entry is opened before
// every host that the caches know is in the table: until then the load balancer
// finds nobody here and asks another replica.
func (r *Relay) Start(ctx context.Context) error {
	err := r.config.Ledger.Follow(ctx, func(c ingress.Change) {
		if len(c.Keys) > 0 {
			r.table.Set(c.Owners())
		}
	})
	if err != nil {
		return fmt.Errorf("relay: %w", err)
	}
	transports := newTransports()
	defer transports.close()
	s := &servers{
		handler: func(e Entry) http.Handler {
			return r.metrics.observe(e, newForwarder(e, r.table, transports, r.config.Clock, r.config.Log, &r.leaving))
		},
		opened: r.opened,
		listen: r.config.listen, certificate: r.certificates(),
		leave: r.config.Leave, drain: r.config.Drain,
		clock: r.config.Clock, log: r.config.Log, leaving: &r.leaving,
	}
	return s.run(ctx)
}

func (r *Relay) opened() {
	r.serving.Store(true)
	if r.onOpen != nil {
		r.onOpen()
	}
}

// Ready is a check for the Manager: no error while all entries are open.
func (r *Relay) Ready(*http.Request) error {
	switch {
	case !r.serving.Load():
		return errors.New("relay: entries are not open yet")
	case r.leaving.Load():
		return errors.New("relay: leaving")
	}
	return nil
}

// find asks the Finder. A Service that has nothing itself may still have pods:
// Knative writes the former after the latter.
func (r *Relay) find(t Target) Backends {
	ctx := context.Background() // answered from memory
	public, err := r.config.Finder.Public(ctx, t.Service, t.Port)
	if err != nil {
		r.config.Log.WithError(err).Debug("no backends")
		return Backends{}
	}
	pods, err := r.config.Finder.Pods(ctx, t.Service, t.Port)
	if err != nil {
		r.config.Log.WithError(err).Debug("no pods")
	}
	b := Backends{Addresses: public, Pods: len(pods) > 0}
	if len(public) == 0 {
		b.Addresses = pods
	}
	return b
}
