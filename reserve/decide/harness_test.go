package decide_test

import (
	"time"

	"github.com/ebb-node/ebb/reserve/decide"
)

// now is the time of all observations.
var now = time.Date(2026, 3, 1, 10, 0, 0, 0, time.UTC)

var limits = decide.DefaultLimits()

func ago(d time.Duration) time.Time { return now.Add(-d) }

// change is a step from one observation to another.
type change func(*decide.Observation)

// observed is an active revision with one standard pod and no reserve, changed.
func observed(changes ...change) decide.Observation {
	o := decide.Observation{
		Now: now, Replicas: 1, DrainBound: 5 * time.Minute,
		Scaler:   decide.Scaler{Activity: decide.Serving, Since: ago(time.Hour), Desired: 1},
		Standard: decide.Standard{Replicas: 1, Ready: 1},
		Gate:     decide.Gate{Closed: true, Holds: true},
		Reserve:  decide.Reserve{Exists: true},
	}
	for _, c := range changes {
		c(&o)
	}
	return o
}

func inactive(o *decide.Observation) {
	o.Scaler = decide.Scaler{Activity: decide.Idle, Since: ago(time.Minute)}
}

func timedOut(o *decide.Observation) {
	inactive(o)
	o.Scaler.TimedOut = true
}

// activating is a revision that a request has woken some time ago.
func activating(since time.Duration) change {
	return func(o *decide.Observation) {
		o.Scaler = decide.Scaler{Activity: decide.Activation, Since: ago(since), Desired: 1}
		o.Standard = decide.Standard{Replicas: 1}
	}
}

func standard(replicas, ready int) change {
	return func(o *decide.Observation) { o.Standard = decide.Standard{Replicas: replicas, Ready: ready} }
}

func gone(o *decide.Observation) { o.Standard = decide.Standard{} }

func gateOpen(o *decide.Observation) { o.Gate = decide.Gate{} }

func replicas(n int) change { return func(o *decide.Observation) { o.Replicas = n } }

func failed(count int, at time.Time) change {
	return func(o *decide.Observation) {
		o.Memory.Failure = decide.Failure{Count: count, At: at, Reason: "NoStock"}
	}
}

// restartedBefore is a replacement that was no better, a moment ago.
func restartedBefore(o *decide.Observation) {
	o.Memory.Failure = decide.Failure{Count: 1, At: ago(time.Second), Reason: decide.ReasonRestarted}
}

func remembered(s decide.State) change {
	return func(o *decide.Observation) { o.Memory.State = s }
}

// reserved is a revision that has slept on its reserve for some time.
func reserved(since time.Duration) change {
	return func(o *decide.Observation) {
		inactive(o)
		gone(o)
		o.Memory.State, o.Memory.Since = decide.Reserved, ago(since)
	}
}

func unreported(d time.Duration) change { return func(o *decide.Observation) { o.Unreported = d } }

// with adds pods, and lets the Deployment have as many.
func with(pods ...decide.Pod) change {
	return func(o *decide.Observation) {
		o.Pods = append(o.Pods, pods...)
		o.Reserve.Replicas += len(pods)
	}
}

// traits change a pod.
type trait func(*decide.Pod)

func pod(name string, traits ...trait) decide.Pod {
	p := decide.Pod{Name: name, Created: ago(2 * time.Minute), Attached: true, Since: ago(2 * time.Minute)}
	for _, t := range traits {
		t(&p)
	}
	return p
}

func readyFor(d time.Duration) trait {
	return func(p *decide.Pod) {
		p.Ready, p.Since = true, ago(d)
		if p.Created.After(p.Since) {
			p.Created = p.Since
		}
	}
}

// young was made just when it became ready.
func young(p *decide.Pod)         { p.Created = p.Since }
func ready(p *decide.Pod)         { readyFor(time.Minute)(p) }
func counted(p *decide.Pod)       { p.Counted = true }
func restarted(p *decide.Pod)     { p.Restarted = true }
func crashing(p *decide.Pod)      { p.Restarted, p.Crashing = true, true }
func expiring(p *decide.Pod)      { p.Expiring = true }
func unschedulable(p *decide.Pod) { p.Unschedulable = true }
func idle(p *decide.Pod)          { p.Idle = true }
func busy(p *decide.Pod)          { p.Busy = true }

// asked has answered requests, the statistics of which were read some times ago.
func asked(before ...time.Duration) trait {
	return func(p *decide.Pod) {
		p.Busy = true
		for _, d := range before {
			p.Asked = append(p.Asked, ago(d))
		}
	}
}

// unread has not answered for some time.
func unread(d time.Duration) trait { return func(p *decide.Pod) { p.Unread = d } }

func creditsLow(p *decide.Pod) { p.CreditsLow = true }
func deleting(p *decide.Pod)   { p.Deleting = true }
func ended(p *decide.Pod)      { p.Ended, p.Ready = true, false }

func aged(d time.Duration) trait {
	return func(p *decide.Pod) { p.Created, p.Since = ago(d), ago(d) }
}

func refused(why string) trait { return func(p *decide.Pod) { p.Refused = why } }

// detached has left the endpoints some time ago.
func detached(d time.Duration) trait {
	return func(p *decide.Pod) {
		ready(p)
		p.Attached, p.DetachedAt = false, ago(d)
	}
}
