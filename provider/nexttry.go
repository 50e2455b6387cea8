package provider

import (
	"fmt"
	"slices"
	"time"

	corev1 "k8s.io/api/core/v1"

	"github.com/ebb-node/ebb/eci"
)

// next is what becomes of a pod whose create was refused.
type next struct {
	wait       *waiting
	again      time.Duration // until the next create; 0 when there is none
	spec       int           // which of the plan's alternatives is due
	impossible []string      // those that ECI can never have
}

// ruledOut reports whether this refusal was of an alternative for ever.
func (n next) ruledOut(r *record) bool { return len(n.impossible) > len(r.impossible) }

// nextTry decides what becomes of a pod whose create was refused. The pod is
// given up only when none of its alternatives can ever be had, or at the end of
// a round when it wants to fail fast.
func nextTry(r *record, v verdict, tried *pending) next {
	n := next{wait: &waiting{reason: v.reason, failures: r.tries}, spec: r.spec, impossible: r.impossible}
	final, failFast := v.final, r.failsFast()
	if v.nextSpec && tried != nil {
		if v.final {
			n.impossible = append(slices.Clone(n.impossible), tried.alternative(r.spec))
		}
		var left, sameRound bool
		n.spec, left, sameRound = tried.following(r.spec, n.impossible)
		if sameRound {
			n.again = time.Millisecond
			return n
		}
		final = !left || failFast
	}
	n.wait.failures++
	n.wait.final = final
	n.wait.fail = final && (failFast || r.pod.Spec.RestartPolicy == corev1.RestartPolicyNever)
	if !final {
		n.again = backoff(v.pace, n.wait.failures)
	}
	return n
}

// alternative names what the attempt with a number asks for.
func (p *pending) alternative(spec int) string { return p.specs[spec%len(p.specs)] }

// following finds the alternative that is due after a number, past the
// impossible ones; sameRound is false when all had their turn before it.
func (p *pending) following(spec int, impossible []string) (n int, left, sameRound bool) {
	for n := spec + 1; n <= spec+len(p.specs); n++ {
		if !slices.Contains(impossible, p.alternative(n)) {
			return n, true, n/len(p.specs) == spec/len(p.specs)
		}
	}
	return spec, false, false
}

// alternatives name what the attempts of a plan ask for.
func alternatives(attempts []eci.CreateRequest) []string {
	var out []string
	for i := range attempts {
		a := &attempts[i]
		out = append(out, fmt.Sprint(a.InstanceTypes, a.CPU, a.Memory, a.SpotStrategy, a.SpotPriceLimit))
	}
	return out
}
