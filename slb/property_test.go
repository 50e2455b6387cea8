package slb

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// What random load balancers are made of.
var (
	anyDomain = []string{"", "a.com", "b.com", "x.a.com", "y.a.com", "*.a.com", "*.x.a.com", "c.org"}
	anyURL    = []string{"", "", "/a", "/ab", "/b"}
	anyHost   = []string{"a.com", "b.com", "x.a.com", "y.a.com", "z.x.a.com", "c.org", "d.net"}
	anyPath   = []string{"/", "/a/1", "/abc", "/b", "/c"}
)

// randomDesired is a consistent wish with up to 8 groups on three listeners.
func randomDesired(r *rand.Rand) Desired {
	var d Desired
	for i := range 2 + r.IntN(7) {
		g := Group{Key: fmt.Sprint("g", i)}
		for j := range 60 {
			if r.IntN(60) < r.IntN(12) {
				weight := []int{0, 1, 50, 100}[r.IntN(4)]
				g.Members = append(g.Members, pod(j, weight))
			}
		}
		if r.IntN(6) == 0 && i < 2 {
			g.Members = pods(60, 60+r.IntN(50), 100)
		}
		d.Groups = append(d.Groups, g)
	}
	certs := testCertificates()
	for i := range 1 + r.IntN(len(certs)) {
		d.Certificates = append(d.Certificates, certs[i])
	}
	certificate := func() string { return d.Certificates[r.IntN(len(d.Certificates))].Fingerprint() }
	group := func() string { return d.Groups[r.IntN(len(d.Groups))].Key }
	if r.IntN(8) > 0 {
		l := Listener{Protocol: HTTP, Port: 80, Group: group(), IdleTimeout: 15 + r.IntN(3), Rules: randomRules(r, group)}
		d.Listeners = append(d.Listeners, l)
	}
	if r.IntN(3) > 0 {
		l := Listener{Protocol: HTTPS, Port: 443, Group: group(), Certificate: certificate(), Rules: randomRules(r, group)}
		for _, domain := range []string{"a.com", "b.com", "*.a.com", "c.org"} {
			if r.IntN(2) == 0 && len(l.Extensions) < 3 {
				l.Extensions = append(l.Extensions, Extension{domain, certificate()})
			}
		}
		d.Listeners = append(d.Listeners, l)
	}
	switch r.IntN(4) {
	case 0:
		d.Listeners = append(d.Listeners, Listener{Protocol: TCP, Port: 8443, Group: group(), Checked: r.IntN(2) == 0})
	case 1:
		d.Listeners = append(d.Listeners, Listener{Protocol: HTTP, Port: 8443, Group: group(), Rules: randomRules(r, group)})
	}
	return d
}

func randomRules(r *rand.Rand, group func() string) []Rule {
	var out []Rule
	seen := map[match]bool{}
	for range r.IntN(20) {
		rule := Rule{anyDomain[r.IntN(len(anyDomain))], anyURL[r.IntN(len(anyURL))], group()}
		if rule.Domain+rule.URL != "" && !seen[rule.match()] {
			seen[rule.match()] = true
			out = append(out, rule)
		}
	}
	return out
}

// addForeign puts other people's objects on a load balancer.
func (f *fakeCloud) addForeign() {
	other := Owner{Prefix: "ebb", Cluster: "cluster-2", LoadBalancer: "public"}
	f.groups["rsp-foreign"] = &fakeGroup{name: other.groupName("g0"), members: pods(300, 303, 100)}
	f.groups["rsp-manual"] = &fakeGroup{name: "by-hand", members: pods(310, 311, 100)}
	f.certs["cert-foreign"] = &fakeCertificate{name: "theirs", tags: other.tags()}
	f.listeners[Endpoint{HTTP, 8080}] = &fakeListener{
		settings: map[string]string{"VServerGroupId": "rsp-foreign", "Scheduler": "rr", "Description": other.ownerTag()},
		status:   statusRunning,
		rules:    []ruleWire{{RuleID: "rule-foreign", RuleName: other.ruleName(match{"f.com", ""}), Domain: "f.com", VServerGroupID: "rsp-foreign", ListenerSync: on}},
	}
}

// foreign is a snapshot of other people's objects.
func (f *fakeCloud) foreign() any {
	rules := map[string][]ruleWire{}
	for e, l := range f.listeners {
		for _, r := range l.rules {
			if !testOwner.ownsRule(r.RuleName) {
				rules[e.String()] = append(rules[e.String()], r)
			}
		}
	}
	groups := map[string]fakeGroup{}
	for id, g := range f.groups {
		if _, owned := testOwner.groupKey(g.name); !owned {
			groups[id] = fakeGroup{g.name, slices.Clone(g.members)}
		}
	}
	return fmt.Sprintf("%v %v %v %v", rules, groups, f.certs["cert-foreign"], f.listeners[Endpoint{HTTP, 8080}].settings)
}

// disturb changes own objects behind the owner's back.
func (f *fakeCloud) disturb(r *rand.Rand) {
	ids := slices.Sorted(maps.Keys(f.groups))
	for _, id := range ids {
		g := f.groups[id]
		if _, owned := testOwner.groupKey(g.name); !owned || len(g.members) == 0 {
			continue
		}
		switch i := r.IntN(len(g.members)); r.IntN(6) {
		case 0:
			g.members = slices.Delete(g.members, i, i+1)
		case 1:
			g.members[i].Weight = r.IntN(101)
		case 2:
			g.members = append(g.members, pod(200+r.IntN(20), 100))
		}
	}
	for _, e := range f.endpoints() {
		l := f.listeners[e]
		if e.Port == 8080 {
			continue
		}
		if len(l.rules) > 0 {
			switch i := r.IntN(len(l.rules)); r.IntN(5) {
			case 0:
				l.rules = slices.Delete(l.rules, i, i+1)
			case 1:
				l.rules[i].VServerGroupID = ids[r.IntN(len(ids))]
			case 2:
				l.rules = append(l.rules, ruleWire{RuleID: f.id("rule"), RuleName: testOwner.mark() + "drift", Domain: "drift.com", VServerGroupID: ids[0], ListenerSync: on})
			case 3:
				for i := range l.rules {
					l.rules[i].ListenerSync = off
				}
			}
		}
		if r.IntN(8) == 0 {
			l.settings["IdleTimeout"], l.settings["Scheduler"], l.settings["HealthCheckInterval"] = "7", "rr", "50"
		}
	}
}

// served are the requests that reach a member now.
func (f *fakeCloud) served() map[request]bool {
	out := map[request]bool{}
	for _, port := range []int{80, 443, 8443, 8080} {
		for _, host := range anyHost {
			for _, path := range anyPath {
				if q := (request{port, host, path}); f.serves(q) {
					out[q] = true
				}
			}
		}
	}
	return out
}

// kinds are the protocols of ports: where one changes,
// a gap cannot be avoided.
func (f *fakeCloud) kinds() map[int]Protocol {
	out := map[int]Protocol{}
	for e := range f.listeners {
		out[e.Port] = e.Protocol
	}
	return out
}

// transition is a random load balancer on its way to another one. A first run
// finds out what is served at the end, a second one with the same seed checks
// every step on the way.
func transition(t *testing.T, seed uint64, watch func(b *bench), limits Limits) (b *bench, before map[request]bool, kinds map[int]Protocol, last Desired) {
	r := rand.New(rand.NewPCG(seed, 7))
	b = newBench(t)
	b.planner.Limits, b.cloud.limits = limits, limits
	b.cloud.addForeign()
	foreign := b.cloud.foreign()
	b.settle(randomDesired(r))
	b.cloud.disturb(r)
	if strings.Count(fmt.Sprint(b.cloud.foreign()), "rule-") == 0 || foreign == "" {
		t.Fatal("there is nothing foreign to watch")
	}
	foreign = b.cloud.foreign()
	before, kinds = b.cloud.served(), b.cloud.kinds()
	b.cloud.refusals = nil
	last = randomDesired(r)
	if watch != nil {
		watch(b)
	}
	state := b.settle(last)
	if got := b.cloud.foreign(); got != foreign {
		t.Errorf("seed %d: foreign objects changed:\n%s\n%s", seed, foreign, got)
	}
	if len(b.cloud.refusals) > 0 {
		t.Fatalf("seed %d: refused: %s", seed, strings.Join(b.cloud.refusals, "\n"))
	}
	if !state.Done && limits == DefaultLimits() {
		t.Fatalf("seed %d: not done: %v", seed, state.Problems)
	}
	return b, before, kinds, last
}

func TestPlansDropNoHostAndAreNeverRefused(t *testing.T) {
	for seed := range uint64(200) {
		first, before, kindsBefore, last := transition(t, seed, nil, DefaultLimits())
		first.compare(last)
		after, kindsAfter := first.cloud.served(), first.cloud.kinds()
		writes := 0
		transition(t, seed, func(b *bench) {
			b.cloud.after = func(action string) {
				writes++
				for q := range before {
					if after[q] && kindsBefore[q.port] == kindsAfter[q.port] && !b.cloud.serves(q) {
						t.Fatalf("seed %d: %v is not served after write %d (%s)", seed, q, writes, action)
					}
				}
			}
		}, DefaultLimits())
		if writes == 0 && seed == 0 {
			t.Fatal("nothing was written")
		}
	}
}

func TestNobodyAnswersWhoNeitherDidNorShall(t *testing.T) {
	roomy := DefaultLimits()
	roomy.BackendsPerInstance = 1000 // where it is full, to be served at all comes first
	for seed := range uint64(100) {
		first, _, _, last := transition(t, seed, nil, roomy)
		first.compare(last)
		transition(t, seed, func(b *bench) {
			before, defaults := b.cloud.answering(), b.cloud.defaults()
			writes := 0
			b.cloud.after = func(action string) {
				writes++
				b.cloud.check(t, fmt.Sprintf("seed %d, write %d (%s)", seed, writes, action), before, defaults, last)
			}
		}, roomy)
	}
}

func TestPlansKeepToTightLimits(t *testing.T) {
	tight := Limits{RulesPerListener: 8, ExtensionsPerListener: 2, BackendsPerInstance: 30, ListenersPerInstance: 50}
	for seed := range uint64(150) {
		b, _, _, last := transition(t, seed, nil, tight)
		if _, state := b.apply(last); state.left != 0 {
			t.Fatalf("seed %d: %d steps left", seed, state.left)
		}
		if writes, _ := b.cloud.took(); writes != 0 {
			t.Fatalf("seed %d: %d writes for nothing", seed, writes)
		}
		if n := b.cloud.backends(); n > 30 {
			t.Fatalf("seed %d: %d backends", seed, n)
		}
	}
}

// compare checks, without the planner, that own objects are exactly the
// desired ones.
func (b *bench) compare(d Desired) {
	b.Helper()
	names := map[string]string{}
	want, got := map[string]map[identity]int{}, map[string]map[identity]int{}
	for _, g := range d.Groups {
		want[g.Key] = weightsOf(g.Members)
	}
	for id, g := range b.cloud.groups {
		if key, owned := testOwner.groupKey(g.name); owned {
			names[id] = key
			got[key] = weightsOf(g.members)
		}
	}
	for key, members := range want {
		for id, weight := range members {
			if _, there := got[key][id]; weight == 0 && !there {
				delete(members, id) // it leaves, and never came
			}
		}
	}
	if diff := cmp.Diff(want, got, cmp.AllowUnexported(identity{})); diff != "" {
		b.Errorf("groups: %s", diff)
	}
	for _, l := range d.Listeners {
		is := b.cloud.listeners[l.Endpoint()]
		if is == nil || is.status != statusRunning {
			b.Errorf("%s does not run", l.Endpoint())
			continue
		}
		if got := is.settings["HealthCheckSwitch"]; l.Protocol == TCP && got != onOff(l.Checked) || l.Checked && is.settings["HealthCheckInterval"] != "2" {
			b.Errorf("%s has health checks %q every %s s", l.Endpoint(), got, is.settings["HealthCheckInterval"])
		}
		wantRules, gotRules := map[match]string{}, map[match]string{}
		for _, r := range l.Rules {
			wantRules[r.match()] = r.Group
		}
		for _, r := range is.rules {
			if testOwner.ownsRule(r.RuleName) {
				gotRules[match{r.Domain, r.URL}] = names[r.VServerGroupID]
				if r.ListenerSync != on {
					b.Errorf("rule %s%s of %s has settings of its own", r.Domain, r.URL, l.Endpoint())
				}
			}
		}
		if diff := cmp.Diff(wantRules, gotRules, cmp.AllowUnexported(match{})); diff != "" {
			b.Errorf("rules of %s: %s", l.Endpoint(), diff)
		}
		if names[is.settings["VServerGroupId"]] != l.Group {
			b.Errorf("%s sends to %s, want %s", l.Endpoint(), names[is.settings["VServerGroupId"]], l.Group)
		}
		if len(is.exts) != len(l.Extensions) {
			b.Errorf("%s has %d server names, want %d", l.Endpoint(), len(is.exts), len(l.Extensions))
		}
	}
	if len(b.cloud.listeners) != len(d.Listeners)+1 {
		b.Errorf("%d listeners, want %d and a foreign one", len(b.cloud.listeners), len(d.Listeners))
	}
}

func weightsOf(members []Member) map[identity]int {
	out := map[identity]int{}
	for _, m := range members {
		out[m.identity()] = m.Weight
	}
	return out
}
