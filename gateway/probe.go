package gateway

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"slices"
	"strconv"
	"time"

	"k8s.io/apimachinery/pkg/types"
	knheader "knative.dev/networking/pkg/http/header"
	"sigs.k8s.io/controller-runtime/pkg/reconcile"

	"github.com/ebb-node/ebb/gateway/ingress"
	"github.com/ebb-node/ebb/gateway/relay"
)

// Asking the relay.
const (
	probeFirst = 20 * time.Millisecond // its caches are this much behind ours, or we behind them
	probeLast  = time.Second
	// probeTimeout is longer than the relay waits for a backend.
	probeTimeout = 5 * time.Second
	// probesAtOnce bounds what a start with many Ingresses asks for.
	probesAtOnce = 16
)

// prober asks the relay's replicas whether they have an Ingress as it is, by
// the hash with which Knative probes its ingresses: the load balancer cannot
// tell.
type prober struct {
	transport http.RoundTripper
	places    chan struct{}
}

// question is a request that an Ingress routes.
type question struct {
	host, path, hash string
	headers          map[string]string
	visibility       ingress.Visibility
}

// questionAbout the hosts that an Ingress got: one path is enough, since the
// relay takes all of them at once. That with the fewest headers and the
// shortest prefix is the application's own.
func questionAbout(hosts []ingress.Host) (best question, ok bool) {
	for _, h := range hosts {
		for _, p := range h.Paths {
			q := question{host: h.Name, path: p.Prefix, hash: h.Hash, headers: p.Headers, visibility: h.Visibility}
			if !ok || q.compare(best) < 0 {
				best, ok = q, true
			}
		}
	}
	return best, ok
}

func (q question) compare(o question) int {
	return cmp.Or(cmp.Compare(len(q.headers), len(o.headers)), cmp.Compare(len(q.path), len(o.path)))
}

// has reports whether the replica at an address answers as the Ingress is. An
// answer that does not tell counts as yes, as it does for Knative: not every
// backend knows probes.
func (p *prober) has(ctx context.Context, address string, q question) error {
	select {
	case p.places <- struct{}{}:
		defer func() { <-p.places }()
	case <-ctx.Done():
		return ctx.Err()
	}
	ctx, cancel := context.WithTimeout(ctx, probeTimeout)
	defer cancel()
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://"+address+q.path, nil)
	if err != nil {
		return err
	}
	request.Host = q.host
	for name, value := range q.headers {
		request.Header.Set(name, value)
	}
	request.Header.Set(knheader.ProbeKey, knheader.ProbeValue)
	request.Header.Set(knheader.HashKey, knheader.HashValueOverride)
	request.Header.Set("User-Agent", knheader.IngressReadinessUserAgent)
	response, err := p.transport.RoundTrip(request)
	if err != nil {
		return err
	}
	defer response.Body.Close()
	_, _ = io.Copy(io.Discard, io.LimitReader(response.Body, 1<<16))
	return q.judge(response)
}

func (q question) judge(r *http.Response) error {
	switch hash := r.Header.Get(knheader.HashKey); {
	case r.StatusCode == http.StatusNotFound || r.StatusCode == http.StatusServiceUnavailable:
		return fmt.Errorf("it answers %d", r.StatusCode)
	case r.StatusCode == http.StatusOK && hash != "" && hash != q.hash:
		return errors.New("it has another generation")
	}
	return nil
}

// probe asks all replicas of the relay about an Ingress until they have it, or
// until it is another one.
func (g *gateway) probe(ctx context.Context, name types.NamespacedName, revision int) {
	wait := probeFirst
	for g.asked(ctx, name, revision) != nil {
		select {
		case <-ctx.Done():
			return
		case <-g.Clock.After(wait):
		}
		wait = min(2*wait, probeLast)
	}
}

// asked asks once. No error means that there is nothing more to ask.
func (g *gateway) asked(ctx context.Context, name types.NamespacedName, revision int) error {
	g.mu.Lock()
	r := g.directory.routes[name]
	replicas := slices.Clone(g.directory.replicas)
	g.mu.Unlock()
	if r == nil || r.revision != revision {
		return nil // it is another one now
	}
	if q := r.question; q != nil {
		port := strconv.Itoa(relay.Entry{Visibility: q.visibility, Front: relay.Terminated}.Port(g.RelayPort))
		for _, ip := range replicas {
			if err := g.prober.has(ctx, net.JoinHostPort(ip, port), *q); err != nil {
				return fmt.Errorf("replica %s of the relay: %w", ip, err)
			}
		}
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	if r := g.directory.routes[name]; r != nil && r.revision == revision {
		r.relayed = true
		g.statuses.add(reconcile.Request{NamespacedName: name})
	}
	return nil
}
