package decide

import (
	"cmp"
	"slices"
)

// Decide says what a revision and its reserve are to be like.
func Decide(o Observation, l Limits) Decision {
	d := &decider{o: &o, l: l, Decision: Decision{Failure: o.Memory.Failure}}
	d.sort()
	d.fail()
	keep := d.keep()
	d.detach(keep)
	d.replicas(keep)
	d.name()
	d.gate()
	d.count()
	d.report()
	d.start()
	d.tell()
	d.wake()
	return d.Decision
}

// decider is a decision in the making.
type decider struct {
	o *Observation
	l Limits
	Decision

	// The pods that are there, each in one of these. ready and starting ones are
	// attached.
	ready, starting, leaving []*Pod
	ending                   []*Pod // deleted, and may have requests still
	broken                   []brokenPod
	ended                    []*Pod
	// going are the ready ones that leave now.
	going []*Pod

	// resigned: a failure is not long enough ago to look for better pods than there
	// are. blocked: nor are there to be more of them.
	resigned, blocked bool
	// low: a ready pod has requests, and nearly no CPU credits.
	low bool
}

type brokenPod struct {
	*Pod
	why string
}

// sort puts each pod where it belongs.
func (d *decider) sort() {
	for i := range d.o.Pods {
		p := &d.o.Pods[i]
		switch why := p.broken(d.o, d.l); {
		case p.Deleting && p.Ended:
		case p.Deleting:
			d.ending = append(d.ending, p)
		case p.Ended:
			d.ended = append(d.ended, p)
		case !p.Attached:
			d.leaving = append(d.leaving, p)
		case p.Ready:
			d.ready = append(d.ready, p)
		case why != "":
			d.broken = append(d.broken, brokenPod{p, why})
		default:
			d.starting = append(d.starting, p)
		}
	}
}

// off reports whether there is to be no reserve. Pods that are there leave as they
// do once standard pods serve.
func (d *decider) off() bool { return d.o.Off != "" }

// idle reports whether there is no traffic: the autoscaler wants no pods. That it
// wants none of a revision that it calls active is a guard: it writes both at once
// (serving pkg/reconciler/autoscaling/kpa/kpa.go).
func (d *decider) idle() bool {
	s := d.o.Scaler
	return !d.o.Always && (s.Activity == Idle || s.Activity == Serving && s.Desired == 0)
}

// served reports whether standard pods serve. Both have to say so: the
// autoscaler alone would with a reserve that it counts, and the Deployment alone
// a moment before the endpoints are known to the autoscaler.
func (d *decider) served() bool {
	return d.o.Scaler.Activity == Serving && d.o.Standard.Ready > 0 && !d.idle()
}

// attached is the number of pods that answer requests, or will.
func (d *decider) attached() int { return len(d.ready) + len(d.starting) }

// solid are the ready pods that need no replacement.
func (d *decider) solid() []*Pod {
	var out []*Pod
	for _, p := range d.ready {
		if !p.worn() {
			out = append(out, p)
		}
	}
	return out
}

// able are the ready pods that are to stay: the solid ones, and all of them while
// no better ones are to be had.
func (d *decider) able() []*Pod {
	if d.resigned {
		return d.ready
	}
	return d.solid()
}

// keep is how many attached pods there are to be, those that are replaced included.
// No more are replaced at a time than are to stand ready: of an application whose
// every pod is worn there would be ever more.
func (d *decider) keep() int {
	switch {
	case d.off() && !d.idle() && d.o.Standard.Ready == 0: // nobody else answers
		return len(d.ready)
	case d.off(), d.served() && d.o.Gate.Holds:
		return 0
	case d.served(): // the gate is not closed yet
		return len(d.ready)
	case !d.idle() && d.rolling():
		return min(d.o.Replicas, d.attached())
	case !d.idle(): // standard pods are starting: what is there may help
		return d.attached()
	case d.blocked:
		return min(d.o.Replicas, d.attached())
	case d.resigned, d.rolling(), len(d.solid()) >= d.o.Replicas:
		return d.o.Replicas
	}
	return d.o.Replicas + min(len(d.ready)-len(d.solid()), d.o.Replicas)
}

// detach takes pods out of the endpoints: those that are broken, and of the ready
// ones those beyond the number to keep. All of them go once standard pods serve, but
// only while the gate is closed: from here on nothing but the standard pods is there.
func (d *decider) detach(keep int) {
	for _, p := range d.ended {
		d.Delete = append(d.Delete, p.Name)
	}
	for _, p := range d.broken {
		if !d.held(p.Pod) {
			d.Detach, d.Delete = append(d.Detach, p.Name), append(d.Delete, p.Name)
		}
	}
	d.going = d.surplus(keep)
	for _, p := range d.going {
		d.Detach = append(d.Detach, p.Name)
	}
}

// surplus are the ready pods beyond a number: first those that will be gone soon,
// then those of an old template or that were restarted, then the youngest, which is
// proven least.
func (d *decider) surplus(keep int) []*Pod {
	sorted := slices.Clone(d.ready)
	slices.SortStableFunc(sorted, func(a, b *Pod) int {
		return cmp.Or(-compare(a.Expiring, b.Expiring), -compare(a.Outdated, b.Outdated), -compare(a.Restarted, b.Restarted), b.Created.Compare(a.Created))
	})
	return sorted[:max(0, len(sorted)-keep)]
}

// compare has false before true.
func compare(a, b bool) int {
	switch {
	case a == b:
		return 0
	case b:
		return -1
	}
	return 1
}

// replicas counts the pods. A pod that leaves keeps its place until it is done,
// and until what replaces it is ready: of two pods Kubernetes removes the one that
// is not. In a roll-out it has no place: Kubernetes counts beside it.
func (d *decider) replicas(keep int) {
	leaving := 0
	for _, p := range slices.Concat(d.leaving, d.going) {
		if !p.Outdated {
			leaving++
		}
	}
	if len(d.going) == 0 && d.drained() && len(d.able()) >= min(keep, d.o.Replicas) {
		leaving = 0
	}
	d.Replicas = keep + leaving
	// One that is off and gone is not made again for pods that go with it.
	d.Exists = !d.off() || d.o.Reserve.Exists && (d.Replicas > 0 || len(d.going) > 0)
	d.Choose = d.Replicas > 0 && d.o.Reserve.Replicas == 0
	d.Copy = d.o.Reserve.Outdated && !d.off() && len(d.leaving)+len(d.going) == 0 && d.copies()
}

// drained reports whether every leaving pod has finished what it had, or may be
// ended without: no request may take longer than the bound, and Kubernetes leaves
// it as much time again.
func (d *decider) drained() bool {
	for _, p := range d.leaving {
		if !p.Idle && !p.Crashing && d.o.Now.Before(p.DetachedAt.Add(d.o.DrainBound)) {
			return false
		}
	}
	return true
}

// waking reports whether standard pods are on their way although the autoscaler has
// not said so: it changes the Deployment first, and itself some milliseconds later.
func (d *decider) waking() bool {
	before := d.o.Memory.State
	return len(d.ready) > 0 && (before == Reserved || before == Activating)
}

// name says which state this is.
func (d *decider) name() {
	switch {
	case d.off():
		d.State = Off
	case d.idle() && len(d.ready) > 0 && d.o.Standard.Replicas == 0:
		d.State = Reserved
	case d.idle() && d.blocked && d.attached() == 0:
		d.State = Unavailable
	case d.idle() && d.waking():
		d.State = Activating
	case d.idle():
		d.State = Arming
	case !d.served() && d.attached() > 0:
		d.State = Activating
	case len(d.ready)+len(d.leaving) > 0:
		d.State = Handover
	default:
		d.State = Active
	}
}
