package relay

import (
	"maps"
	"strings"
	"sync"
	"sync/atomic"

	"k8s.io/apimachinery/pkg/types"

	"github.com/ebb-node/ebb/gateway/ingress"
)

// Table says what to do with a request. It may be read while it changes: a
// request sees all hosts as they were at one moment.
type Table struct {
	snapshot atomic.Pointer[snapshot]

	writing sync.Mutex
	pools   *pools
}

// snapshot is never changed.
type snapshot map[ingress.Key]*host

// NewTable has no hosts. It asks find for the backends of Services that hosts
// refer to, once when the first one does and again at each Refresh; find must
// answer from memory.
func NewTable(find func(Target) Backends) *Table {
	t := &Table{pools: newPools(find)}
	t.snapshot.Store(&snapshot{})
	return t
}

// Set replaces hosts by what their owners say: see Registry.Owners of package
// ingress; no owners removes a host. All of the change becomes visible at once.
func (t *Table) Set(changed map[ingress.Key][]ingress.Host) {
	t.writing.Lock()
	defer t.writing.Unlock()
	next := maps.Clone(*t.snapshot.Load())
	hosts := maker{use: t.pools.use}
	for key, owners := range changed {
		old := next[key]
		if len(owners) == 0 {
			delete(next, key)
		} else {
			next[key] = hosts.host(owners)
		}
		// After the new one is made, so that pools which both use stay.
		old.release(t.pools.leave)
	}
	t.snapshot.Store(&next)
}

// Refresh asks for a Service's backends again. It does nothing when no host
// refers to it.
func (t *Table) Refresh(service types.NamespacedName) { t.pools.refresh(service) }

// Len is how many hosts there are, both visibilities counted.
func (t *Table) Len() int { return len(*t.snapshot.Load()) }

// find prefers the exact name, then the longest wildcard, as CLB does
// (https://www.alibabacloud.com/help/doc-detail/85955.html).
func (s snapshot) find(name string, v ingress.Visibility) *host {
	if h := s[ingress.Key{Name: name, Visibility: v}]; h != nil {
		return h
	}
	for {
		_, rest, more := strings.Cut(name, ".")
		if !more {
			return nil
		}
		if h := s[ingress.Key{Name: "*." + rest, Visibility: v}]; h != nil {
			return h
		}
		name = rest
	}
}
