package provider

import (
	"context"

	"github.com/ebb-node/ebb/eci"
	"github.com/ebb-node/ebb/provider/translate"
)

// pending is a create whose outcome is not known to be final: it is repeated
// as it is, since a client token may not be used with other parameters.
type pending struct {
	request *eci.CreateRequest
	specs   []string // the alternatives of the plan
}

// prepare returns what the pod's current attempt asks for: the same as last
// time while the fate of that is open.
func (p *Provider) prepare(ctx context.Context, r *record) (*pending, error) {
	if r.pending != nil {
		return r.pending, nil
	}
	plan, notes, err := p.Planner.Plan(ctx, r.pod, p.Identity.tags(r.pod, r.attempt))
	for _, n := range notes {
		p.Recorder.Event(r.pod, n.Type, n.Reason, n.Message)
	}
	if err != nil {
		return nil, err
	}
	request := plan.Attempts[r.spec%len(plan.Attempts)]
	request.ClientToken = clientToken(r.uid, r.attempt)
	next := &pending{request: &request, specs: alternatives(plan.Attempts)}
	r.failFast = plan.FailStrategy == translate.FailFast
	p.registry.change(r.uid, func(known *record) { known.pending, known.failFast = next, r.failFast })
	return next, nil
}
