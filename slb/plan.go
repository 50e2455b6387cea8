package slb

import "slices"

// Planner plans for one load balancer of an owner.
type Planner struct {
	Owner  Owner
	Limits Limits
}

// Plan is what to do, and what cannot be done.
type Plan struct {
	Steps    []Step
	Problems []Problem
}

// Plan compares a wish with what there is. The steps, taken in order, are each
// allowed by the documented rules, and a host that is served before and after
// stays served in between:
//
//  1. certificates are uploaded
//  2. groups are made and filled, weights changed; a group that shall serve no
//     more keeps serving
//  3. listeners are made and started, and the load balancer with them
//  4. server names, then rules are made and pointed to their groups
//  5. listeners get their settings
//  6. groups that had to wait until rules had left them change; steps 2 to 5
//     are repeated with these
//  7. rules, server names and listeners are deleted
//  8. members stop serving and leave
//  9. groups and certificates that nothing refers to are deleted
//
// In between, nobody answers for a rule who neither did before nor shall after;
// plan_order.go says how, and where not. A gap cannot be avoided where something must go to make room: a listener
// whose protocol changes, a listener full of rules. A plan for
// what is already as desired has no steps.
func (p Planner) Plan(d Desired, a Actual) Plan {
	b := &builder{Planner: p, have: &a, want: p.admit(d, &a)}
	b.uploads()
	b.compareGroups()
	for wave := 0; wave <= b.last; wave++ {
		b.wave(wave)
	}
	b.deleteRules()
	b.deleteExtensions()
	b.deleteListeners()
	b.retire()
	b.deleteGroups()
	b.deleteCertificates()
	return Plan{Steps: b.steps, Problems: b.want.problems}
}

// wave changes groups, and makes and points to them what leads there.
func (b *builder) wave(wave int) {
	b.changeGroups(wave)
	for i := range b.want.listeners {
		if w := &b.want.listeners[i]; w.made == wave {
			b.makeListener(w)
		}
	}
	if wave == 0 {
		b.activate()
	}
	for i := range b.want.listeners {
		if w := &b.want.listeners[i]; w.made == wave {
			b.extensions(w)
		}
	}
	for i := range b.want.listeners {
		b.rules(&b.want.listeners[i], wave)
	}
	for i := range b.want.listeners {
		b.setListener(&b.want.listeners[i], wave)
	}
	if wave == 0 {
		b.deleteNow(b.forsaken)
	}
}

// builder gathers the steps of a plan.
type builder struct {
	Planner
	have  *Actual
	want  *wish
	steps []Step
	// groups are what the wanted ones lack, members the same by key and byID
	// those that are there by id.
	groups        []*membership
	members, byID map[string]*membership
	last          int // wave
	// forsaken are rules to delete before the groups that they lead to change.
	forsaken []RuleID
	// gone are rules and server names that were deleted early to make room, by
	// their ids.
	gone map[string]bool
	// anew are the endpoints whose listener is deleted and made again.
	anew map[Endpoint]bool
}

func (b *builder) add(steps ...Step) { b.steps = append(b.steps, steps...) }

// wished finds the wish for a listener, nil when there is none.
func (b *builder) wished(e Endpoint) *wishedListener {
	for i := range b.want.listeners {
		if b.want.listeners[i].Endpoint() == e {
			return &b.want.listeners[i]
		}
	}
	return nil
}

func (b *builder) markGone(id string) {
	if b.gone == nil {
		b.gone = map[string]bool{}
	}
	b.gone[id] = true
}

func (b *builder) uploads() {
	for _, l := range b.want.listeners {
		if l.Protocol != HTTPS {
			continue
		}
		if !l.held {
			b.upload(l.Certificate)
		}
		for _, e := range l.Extensions {
			b.upload(e.Certificate)
		}
	}
}

// upload a certificate that is not there, once.
func (b *builder) upload(fingerprint string) {
	step := UploadCertificate{fingerprint}
	if b.have.certificate(fingerprint) == "" && !slices.Contains(b.steps, Step(step)) {
		b.add(step)
	}
}

// chunks cuts a list into pieces that a call takes.
func chunks[T any](list []T, most int) [][]T {
	return slices.Collect(slices.Chunk(list, most))
}
