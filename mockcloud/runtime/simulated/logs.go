package simulated

import "github.com/ebb-node/ebb/mockcloud/runtime"

// Logs implements runtime.Runtime.
func (r *Runtime) Logs(id, name string, o runtime.LogOptions) ([]runtime.LogLine, error) {
	c, g := r.container(id, name)
	if c == nil {
		return nil, runtime.ErrNotFound
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	lines := c.logs
	if o.Previous {
		lines = c.oldLogs
	}
	var chosen []runtime.LogLine
	for _, l := range lines {
		if !l.Time.Before(o.Since) {
			chosen = append(chosen, l)
		}
	}
	if o.Tail > 0 && len(chosen) > o.Tail {
		chosen = chosen[len(chosen)-o.Tail:]
	}
	return chosen, nil
}
