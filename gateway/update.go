package gateway

import (
	"context"
	"fmt"
	"slices"
	"time"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/apimachinery/pkg/types"
	"knative.dev/networking/pkg/apis/networking/v1alpha1"
	"sigs.k8s.io/controller-runtime/pkg/client"
	"sigs.k8s.io/controller-runtime/pkg/reconcile"

	"github.com/ebb-node/ebb/gateway/ingress"
)

// reconcileIngress brings an Ingress's route up to date.
func (g *gateway) reconcileIngress(ctx context.Context, request reconcile.Request) (reconcile.Result, error) {
	if err := g.boot(ctx); err != nil {
		return reconcile.Result{}, err
	}
	g.reading.Lock()
	defer g.reading.Unlock()
	again, err := g.update(ctx, request.NamespacedName)
	return reconcile.Result{RequeueAfter: again}, err
}

// update reads an Ingress. Others that claim hosts of it are looked at again.
func (g *gateway) update(ctx context.Context, name types.NamespacedName) (again time.Duration, err error) {
	var ing v1alpha1.Ingress
	err = g.reader.Get(ctx, name, &ing, client.UnsafeDisableDeepCopy)
	if err != nil && !apierrors.IsNotFound(err) {
		return 0, fmt.Errorf("Ingress %s: %w", name, err)
	}
	// After it was read, so that its claims are at least as new.
	if err := g.Ledger.Update(name); err != nil {
		return 0, err
	}
	if isOurs(&ing) {
		return g.follow(ctx, &ing), nil
	}
	g.remove(name)
	return 0, nil
}

// follow makes the route of an Ingress and puts it into the directory.
func (g *gateway) follow(ctx context.Context, ing *v1alpha1.Ingress) (again time.Duration) {
	name := types.NamespacedName{Namespace: ing.Namespace, Name: ing.Name}
	claims, problems := ingress.ClaimsOf(ing)
	hosts, lost := g.Ledger.Settled(claims)
	r := newRoute(name, hosts)
	r.uid, r.generation, r.created = ing.UID, ing.Generation, ing.CreationTimestamp.Time
	for _, p := range append(problems, lost...) {
		r.problems = append(r.problems, problem{reason: p.Reason, message: p.Field + ": " + p.Message})
	}
	g.mu.Lock()
	old := g.directory.routes[name]
	g.mu.Unlock()
	if g.Mode == ModeDirect { // else the relay does that
		again = g.resolver.resolve(ctx, r, old)
	}
	// In both modes, since what is wrong with a Secret is told here.
	again = sooner(again, g.certify(ctx, r, old == nil || old.generation != r.generation))
	g.install(ing, r)
	return again
}

// forgetSecrets drops the keys that a route does not need any more, unless
// others do. It is nil when it is gone. The caller holds mu.
func (g *gateway) forgetSecrets(was, is *route) {
	if !slices.ContainsFunc(was.sites, func(s site) bool { return s.secret.Name != "" && !is.shows(s.secret) }) {
		return
	}
	named := map[types.NamespacedName]bool{g.DefaultCertificate: true}
	for _, r := range g.directory.order {
		for i := range r.sites {
			named[r.sites[i].secret] = true
		}
	}
	g.secrets.forget(func(name types.NamespacedName) bool { return named[name] })
}

// shows reports whether a route, if it is not nil, names a Secret.
func (r *route) shows(secret types.NamespacedName) bool {
	return r != nil && slices.ContainsFunc(r.sites, func(s site) bool { return s.secret == secret })
}

// install makes a route known and tells who has something to do.
func (g *gateway) install(ing *v1alpha1.Ingress, r *route) {
	g.mu.Lock()
	defer g.mu.Unlock()
	relatives := func(v ingress.Visibility) []*route { return g.relatives(r, v) }
	says := g.directory.promise(ing)
	says.kept = !g.booted && says.served(ing)
	old := g.directory.routes[r.name]
	g.touch(g.directory.put(r, g.Clock.Now(), says, relatives))
	g.statuses.add(reconcile.Request{NamespacedName: r.name})
	if old != nil {
		g.forgetSecrets(old, r)
		if r.takesLessThan(old) {
			g.offer()
		}
	}
	if g.booted && r.namesMoreThan(old) {
		// What happened to these Services after they were looked at and before
		// the route was known has woken nobody. At the start all Ingresses are
		// looked at twice anyway: their own first events wait for it.
		g.ingresses.add(reconcile.Request{NamespacedName: r.name})
	}
}

// remove forgets a route; others may have waited for its place.
func (g *gateway) remove(name types.NamespacedName) {
	g.mu.Lock()
	defer g.mu.Unlock()
	r := g.directory.routes[name]
	if r == nil {
		return
	}
	delete(g.told, r.uid)
	g.touch(g.directory.drop(name))
	g.forgetSecrets(r, nil)
	g.offer()
}

// relatives are the routes that must be where a route is: those with a host in
// common, those with a host in common with them, and so on.
func (g *gateway) relatives(r *route, v ingress.Visibility) []*route {
	seen := map[*route]bool{r: true}
	var out []*route
	for next := []*route{r}; len(next) > 0; next = next[1:] {
		for i := range next[0].sites {
			s := &next[0].sites[i]
			if s.visibility != v {
				continue
			}
			for _, name := range g.Ledger.Neighbours(next[0].name, ingress.Key{Name: s.host, Visibility: v}) {
				if o := g.directory.routes[name]; o != nil && !seen[o] && name != r.name {
					seen[o] = true
					out, next = append(out, o), append(next, o)
				}
			}
		}
	}
	return out
}
