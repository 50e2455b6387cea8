package slb

import (
	"encoding/json"
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"testing"
	"time"
)

// TestWhateverIsAskedTheStateIsSound makes random calls, most of them possible
// ones, and looks for references to what is not there and for limits that are
// passed.
func TestWhateverIsAskedTheStateIsSound(t *testing.T) {
	for seed := range uint64(30) {
		s := newScene(t)
		s.world.quotas.Rules, s.world.quotas.BackendServers, s.world.quotas.LoadBalancers = 5, 6, 4
		r := rand.New(rand.NewPCG(seed, 0))
		done := map[string]int{}
		for range 300 {
			s.world.configuring = time.Duration(r.IntN(2)) * time.Second
			a := s.randomWrite(r)
			code := s.try(a)
			done[code]++
			if problem := s.unsound(); problem != "" {
				t.Fatalf("seed %d: after %T %+v: %s", seed, a, a, problem)
			}
			s.world.now = s.world.now.Add(time.Duration(r.IntN(3)) * time.Second)
		}
		if done[""] < 50 {
			t.Errorf("seed %d: only %d calls succeeded: %v", seed, done[""], done)
		}
	}
}

// pick answers the id of some object, or of none.
func pick[T any](r *rand.Rand, objects map[string]T) string {
	if len(objects) == 0 || r.IntN(20) == 0 {
		return "none"
	}
	// Maps have no order, but the choice must depend on the seed only.
	ids := slices.Sorted(maps.Keys(objects))
	return ids[r.IntN(len(ids))]
}

func (s *scene) randomWrite(r *rand.Rand) write {
	lb := pick(r, s.state.balancers)
	g := pick(r, s.state.groups)
	servers := "[" + eni(fmt.Sprintf("10.0.0.%d", r.IntN(8)+1), 80, r.IntN(101)) + "]"
	port := 80 + r.IntN(2)
	rule := "none"
	if l, err := s.state.listener(lb, port, ""); err == nil && len(l.rules) > 0 {
		rule = l.rules[r.IntN(len(l.rules))].id
	}
	ruleIDs, _ := json.Marshal([]string{rule})
	list := fmt.Sprintf(`[{"RuleName":"n%d","Domain":"d%d","VServerGroupId":%q}]`, r.IntN(9), r.IntN(9), g)
	if r.IntN(100) == 0 {
		return &deleteBalancer{balancerRef{lb}}
	}
	return []write{
		&createBalancer{VSwitchId: "vsw-a"}, &createGroup{LoadBalancerId: lb, BackendServers: servers},
		&addServers{groupRef{g}, servers}, &removeServers{groupRef{g}, servers}, &setGroup{groupRef: groupRef{g}, BackendServers: servers},
		&createHTTP{portRef: portRef{lb, port}, target: target{VServerGroupId: g}, httpSettings: plainHTTP()},
		&startListener{refOf(lb, port, "")}, &stopListener{refOf(lb, port, "")}, &deleteListener{refOf(lb, port, "")},
		&setHTTP{portRef: portRef{lb, port}, setTarget: setTarget{VServerGroupId: g}},
		&createRules{refOf(lb, port, ""), list}, &createRules{refOf(lb, port, ""), list},
		&setRule{RuleId: rule, VServerGroupId: g}, &deleteRules{string(ruleIDs)},
		&deleteGroup{groupRef{g}},
		&tagResources{resourceInstance, []string{lb}, []tag{{fmt.Sprint(r.IntN(30)), "v"}}},
	}[r.IntN(16)]
}

// unsound describes what must never be.
func (s *scene) unsound() string {
	addresses := map[string]bool{}
	for _, lb := range s.state.balancers {
		if addresses[lb.address.String()] {
			return "two load balancers have the address " + lb.address.String()
		}
		addresses[lb.address.String()] = true
		if len(lb.tags) > tagsPerResource {
			return "too many tags"
		}
		for _, l := range lb.listeners {
			if problem := s.unsoundListener(lb, l); problem != "" {
				return problem
			}
		}
	}
	for _, g := range s.state.groups {
		if s.state.balancers[g.balancer] == nil {
			return g.id + " has no load balancer"
		}
	}
	return ""
}

func (s *scene) unsoundListener(lb *loadBalancer, l *listener) string {
	if s.state.groups[l.target.VServerGroupId] == nil {
		return "a listener refers to the missing group " + l.target.VServerGroupId
	}
	if len(l.rules) > s.world.quotas.Rules {
		return "too many rules"
	}
	seen := map[string]bool{}
	for _, x := range l.rules {
		g := s.state.groups[x.group]
		if g == nil || g.balancer != lb.id {
			return "a rule refers to the group " + x.group
		}
		if seen[x.domain] || seen["name "+x.name] {
			return "two rules are alike"
		}
		seen[x.domain], seen["name "+x.name] = true, true
	}
	return ""
}
