package provider

import (
	"sync"

	"k8s.io/apimachinery/pkg/types"
)

// registry holds the records, by pod UID and by container group id. Records go
// in and out as copies, so that no caller holds a lock while it calls out.
type registry struct {
	mu      sync.Mutex
	records map[types.UID]*record
	byGroup map[string]types.UID
}

func newRegistry() *registry {
	return &registry{records: map[types.UID]*record{}, byGroup: map[string]types.UID{}}
}

// get returns a copy of a pod's record.
func (g *registry) get(uid types.UID) (record, bool) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if r, ok := g.records[uid]; ok {
		return *r, true
	}
	return record{}, false
}

// owner returns the UID whose container group has the id.
func (g *registry) owner(groupID string) (types.UID, bool) {
	g.mu.Lock()
	defer g.mu.Unlock()
	uid, ok := g.byGroup[groupID]
	return uid, ok
}

// change edits a record, which is made when it is missing, and returns what
// it became. The edit must not call out.
func (g *registry) change(uid types.UID, edit func(*record)) record {
	g.mu.Lock()
	defer g.mu.Unlock()
	r, ok := g.records[uid]
	if !ok {
		r = &record{uid: uid}
		g.records[uid] = r
	}
	g.edit(r, edit)
	return *r
}

// changeKnown edits a record if there is one.
func (g *registry) changeKnown(uid types.UID, edit func(*record)) (record, bool) {
	g.mu.Lock()
	defer g.mu.Unlock()
	r, ok := g.records[uid]
	if !ok {
		return record{}, false
	}
	g.edit(r, edit)
	return *r, true
}

// edit keeps the index of group ids true.
func (g *registry) edit(r *record, edit func(*record)) {
	before := r.groupID
	edit(r)
	if before == r.groupID {
		return
	}
	if g.byGroup[before] == r.uid {
		delete(g.byGroup, before)
	}
	if r.groupID != "" {
		g.byGroup[r.groupID] = r.uid
	}
}

// remove forgets a pod.
func (g *registry) remove(uid types.UID) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if r, ok := g.records[uid]; ok && g.byGroup[r.groupID] == uid {
		delete(g.byGroup, r.groupID)
	}
	delete(g.records, uid)
}

// all returns copies of all records.
func (g *registry) all() []record {
	g.mu.Lock()
	defer g.mu.Unlock()
	out := make([]record, 0, len(g.records))
	for _, r := range g.records {
		out = append(out, *r)
	}
	return out
}
