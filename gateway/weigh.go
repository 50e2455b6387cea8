package gateway

import "github.com/ebb-node/ebb/slb"

// share is a part of a pool's requests and what can serve it now.
type share struct {
	percent int
	targets []target
	// unreachable means that there are pods, but none that a load balancer can
	// have as a member.
	unreachable bool
}

// weigh divides requests between targets as members with weights. The
// percentages of shares that nothing serves go to the relay, all its replicas
// together. Present answers the weight that a target has now, slb.NewPod when
// it has none.
//
// Without any pod there is nothing to weigh: then rules lead to the relay
// itself, so that idle hosts take no places on the load balancer.
func weigh(shares []share, relay []target, present func(place) int) []slb.Member {
	served := make([]share, 0, len(shares)+1)
	unserved := 0
	for _, s := range shares {
		if len(s.targets) == 0 {
			unserved += s.percent
			continue
		}
		served = append(served, s)
	}
	if len(served) == 0 {
		return nil
	}
	if unserved > 0 {
		served = append(served, share{percent: unserved, targets: relay})
	}
	splits := make([]slb.Split, len(served))
	for i, s := range served {
		splits[i] = slb.Split{Percent: s.percent, Pods: make([]int, len(s.targets))}
		for j, t := range s.targets {
			splits[i].Pods[j] = present(t.place())
		}
	}
	return gather(served, slb.Weights(splits))
}

// gather makes members. A pod that serves several shares gets the sum of their
// weights, as far as one member can have it.
func gather(shares []share, chosen [][]int) []slb.Member {
	var out []slb.Member
	at := map[place]int{}
	for i, s := range shares {
		for j, t := range s.targets {
			if seen, twice := at[t.place()]; twice {
				out[seen].Weight = min(slb.MaxWeight, out[seen].Weight+chosen[i][j])
				continue
			}
			at[t.place()] = len(out)
			out = append(out, t.member(chosen[i][j]))
		}
	}
	return out
}

// evenly makes members that all get the same.
func evenly(targets []target) []slb.Member {
	out := make([]slb.Member, len(targets))
	for i, t := range targets {
		out[i] = t.member(slb.MaxWeight)
	}
	return out
}
