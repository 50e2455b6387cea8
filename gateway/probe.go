package gateway

import (
	"cmp"
	"context"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"slices"
	"strconv"
	"time"

	"k8s.io/apimachinery/pkg/types"
	"knative.dev/networking/pkg/apis/networking/v1alpha1"
	knheader "knative.dev/networking/pkg/http/header"
	kningress "knative.dev/networking/pkg/ingress"
	"sigs.k8s.io/controller-runtime/pkg/client"
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
	headers          map[string]v1alpha1.HeaderMatch
	visibility       ingress.Visibility
}

// questionAbout an Ingress: one path is enough, since the relay takes all of
// them at once. That with the fewest headers and the shortest prefix is the
// application's own.
func questionAbout(ing *v1alpha1.Ingress) (question, bool) {
	hash, err := kningress.ComputeHash(ing)
	if err != nil {
		return question{}, false
	}
	var all []question
	for _, rule := range ing.Spec.Rules {
		if rule.HTTP == nil || len(rule.Hosts) == 0 {
			continue
		}
		for _, p := range rule.HTTP.Paths {
			q := question{host: rule.Hosts[0], path: cmp.Or(p.Path, "/"), headers: p.Headers, visibility: ingress.Internet}
			if rule.Visibility == v1alpha1.IngressVisibilityClusterLocal {
				q.visibility = ingress.Intranet
			}
			q.hash = hex.EncodeToString(hash[:])
			all = append(all, q)
		}
	}
	if len(all) == 0 {
		return question{}, false
	}
	return slices.MinFunc(all, func(a, b question) int {
		return cmp.Or(cmp.Compare(len(a.headers), len(b.headers)), cmp.Compare(len(a.path), len(b.path)))
	}), true
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
	for name, match := range q.headers {
		request.Header.Set(name, match.Exact)
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
	var ing v1alpha1.Ingress
	if err := g.reader.Get(ctx, name, &ing, client.UnsafeDisableDeepCopy); err != nil {
		return client.IgnoreNotFound(err)
	}
	g.mu.Lock()
	r := g.directory.routes[name]
	stale := r == nil || r.revision != revision || r.generation != ing.Generation
	replicas := slices.Clone(g.directory.replicas)
	g.mu.Unlock()
	if stale {
		return nil
	}
	if q, ok := questionAbout(&ing); ok {
		port := strconv.Itoa(relay.Entry{Visibility: q.visibility, Front: relay.Terminated}.Port(g.RelayPort))
		for _, ip := range replicas {
			if err := g.prober.has(ctx, net.JoinHostPort(ip, port), q); err != nil {
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
