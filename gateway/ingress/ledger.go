package ingress

import (
	"context"
	"hash/maphash"
	"sync"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/types"
	"knative.dev/networking/pkg/apis/networking"
	"knative.dev/networking/pkg/apis/networking/v1alpha1"
)

// Source is where a Ledger reads Ingresses; it must answer from memory. What it
// answers is not changed.
type Source interface {
	// Get an Ingress; nil when there is none.
	Get(types.NamespacedName) (*v1alpha1.Ingress, error)
	// List all of them.
	List(context.Context) ([]v1alpha1.Ingress, error)
}

// Ledger is a Registry of all Ingresses of a Source, for several who follow it.
// Each of them says when an Ingress may have changed; whoever comes first lets
// all know. It is safe for concurrent use.
type Ledger struct {
	source Source

	mu        sync.Mutex // the source is read under it, so that what is read last is newest
	registry  *Registry
	followers []func(Change)
	filled    bool
}

// Change is what has changed of the claims, for a follower to look at before it
// returns.
type Change struct {
	// Ingress whose claims changed; empty at the start, when all of them do.
	Ingress types.NamespacedName
	// Keys of the hosts that it claims or claimed.
	Keys []Key

	registry *Registry
}

// Owners are what is served for the hosts now: see Registry.Owners.
func (c Change) Owners() map[Key][]Host { return c.registry.Owners(c.Keys) }

// Others are the other Ingresses that claim one of the hosts: what they get may
// have changed.
func (c Change) Others() []types.NamespacedName {
	var names []types.NamespacedName
	for _, key := range c.Keys {
		for _, name := range c.registry.Claimants(key) {
			if name != c.Ingress {
				names = append(names, name)
			}
		}
	}
	return names
}

// NewLedger reads nothing yet.
func NewLedger(source Source) *Ledger {
	l := &Ledger{source: source}
	l.registry = NewRegistry(l.hosts)
	return l
}

// hosts of an Ingress; none when it is gone.
func (l *Ledger) hosts(name types.NamespacedName) []Host {
	ing, err := l.source.Get(name)
	if err != nil || ing == nil {
		return nil
	}
	claims, _ := ClaimsOf(ing)
	return claims.Hosts
}

// Follow calls back with all that there is, and then with every change, one
// after the other. The callback must not wait, nor call the Ledger.
func (l *Ledger) Follow(ctx context.Context, follower func(Change)) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	if err := l.fill(ctx); err != nil {
		return err
	}
	all := Change{registry: l.registry}
	for key := range l.registry.byKey {
		all.Keys = append(all.Keys, key)
	}
	follower(all)
	l.followers = append(l.followers, follower)
	return nil
}

func (l *Ledger) fill(ctx context.Context) error {
	if l.filled {
		return nil
	}
	all, err := l.source.List(ctx)
	if err != nil {
		return err
	}
	for i := range all {
		l.put(&all[i])
	}
	l.filled = true
	return nil
}

// Update reads an Ingress again. Before the first one follows it does nothing,
// as all are read then.
func (l *Ledger) Update(name types.NamespacedName) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	if !l.filled {
		return nil
	}
	ing, err := l.source.Get(name)
	if err != nil {
		return err
	}
	if ing == nil { // which claims nothing
		ing = &v1alpha1.Ingress{ObjectMeta: metav1.ObjectMeta{Namespace: name.Namespace, Name: name.Name}}
	}
	change := Change{Ingress: name, Keys: l.put(ing), registry: l.registry}
	if len(change.Keys) == 0 {
		return nil
	}
	for _, follower := range l.followers {
		follower(change)
	}
	return nil
}

// put what an Ingress claims, unless that is known.
func (l *Ledger) put(ing *v1alpha1.Ingress) []Key {
	now := stampOf(ing)
	if by := l.registry.claimants[nameOf(ing)]; by != nil && by.stamp == now {
		return nil
	}
	claims, _ := ClaimsOf(ing)
	keys := l.registry.Put(claims)
	if by := l.registry.claimants[claims.Ingress]; by != nil {
		by.stamp = now
	}
	return keys
}

// Settled is Registry.Settled.
func (l *Ledger) Settled(claims Claims) ([]Host, []Problem) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.registry.Settled(claims)
}

// Neighbours is Registry.Neighbours.
func (l *Ledger) Neighbours(ing types.NamespacedName, key Key) []types.NamespacedName {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.registry.Neighbours(ing, key)
}

// stamp is equal as long as an Ingress claims, and says, the same. It is a hash:
// there is one for each Ingress.
type stamp uint64

var stampSeed = maphash.MakeSeed()

func stampOf(ing *v1alpha1.Ingress) stamp {
	return stamp(maphash.Comparable(stampSeed, struct {
		uid        types.UID
		generation int64
		claims     bool
		// Annotations that this package reads do not change the generation.
		servingIngress, tags string
	}{
		ing.UID, ing.Generation, Ours(ing) && ing.DeletionTimestamp.IsZero(),
		ing.Annotations[ServingIngress], ing.Annotations[networking.TagToHostAnnotationKey],
	}))
}
