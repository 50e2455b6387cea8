package slb

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

// webNow is what web makes, with the rule given.
func webNow(members []Member, rules ...ActualRule) Actual {
	return Actual{
		Listeners: []ActualListener{{
			Protocol: HTTP, Port: 80, Owned: true, Status: statusRunning, GroupID: "rsp-default", Scheduler: wrr,
			IdleTimeout: 60, RequestTimeout: 180, Gzip: off, ForwardedProto: on, Rules: rules,
		}},
		Groups: []ActualGroup{
			{ID: "rsp-default", Owned: true, Key: "default"},
			{ID: "rsp-app", Owned: true, Key: "app", Count: len(members), Members: members},
		},
	}
}

func ownRule(id, domain, group string) ActualRule {
	return ActualRule{ID: id, Domain: domain, GroupID: group, Owned: true}
}

var port80 = Endpoint{HTTP, 80}

func TestPlan(t *testing.T) {
	certs := testCertificates()
	one, two := certs[0].Fingerprint(), certs[1].Fingerprint()
	passed := Listener{Protocol: TCP, Port: 80, Group: "default", Checked: true}
	httpListener := bare(web("a.com", nil).Listeners[0])
	secure := func(fingerprint string) Desired {
		d := web("a.com", pods(0, 1, 100))
		d.Certificates = []Certificate{certs[0], certs[1]}
		d.Listeners = []Listener{{Protocol: HTTPS, Port: 443, Group: "default", Certificate: fingerprint}}
		return d
	}
	secureNow := func() Actual {
		a := webNow(pods(0, 1, 100))
		a.Listeners = []ActualListener{{Protocol: HTTPS, Port: 443, Owned: true, Status: statusRunning, GroupID: "rsp-default", Scheduler: wrr, CertificateID: "cert-1"}}
		a.Certificates = []ActualCertificate{{"cert-1", one}}
		return a
	}
	edit := func(d Desired, change func(*Desired)) Desired { change(&d); return d }
	editNow := func(a Actual, change func(*Actual)) Actual { change(&a); return a }
	for name, c := range map[string]struct {
		desired Desired
		actual  Actual
		want    []Step
	}{
		"from nothing": {web("a.com", pods(0, 25, 100)), Actual{}, []Step{
			CreateGroup{Group: "default"},
			CreateGroup{"app", pods(0, 20, 100)}, AddMembers{"app", pods(20, 25, 100)},
			CreateListener{httpListener}, StartListener{port80},
			CreateRules{port80, []Rule{{Domain: "a.com", Group: "app"}}},
		}},
		"as desired": {web("a.com", pods(0, 3, 100)), webNow(pods(0, 3, 100), ownRule("rule-1", "a.com", "rsp-app")), nil},
		"one pod more, one leaves, one has left": {
			web("a.com", append(pods(1, 4, 100), pod(4, 0))),
			webNow(append(pods(0, 3, 100), pod(4, 100)), ownRule("rule-1", "a.com", "rsp-app")),
			[]Step{AddMembers{"app", pods(3, 4, 100)}, SetWeights{"app", []Member{pod(4, 0)}}, RemoveMembers{"app", pods(0, 1, 100)}},
		},
		"one leaves that never came": {
			web("a.com", append(pods(0, 3, 100), pod(4, 0))), webNow(pods(0, 3, 100), ownRule("rule-1", "a.com", "rsp-app")), nil,
		},
		"another host": {web("b.com", pods(0, 1, 100)), webNow(pods(0, 1, 100), ownRule("rule-1", "a.com", "rsp-app")), []Step{
			CreateRules{port80, []Rule{{Domain: "b.com", Group: "app"}}},
			DeleteRules{[]RuleID{{"rule-1", port80, "a.com", ""}}},
		}},
		"another group": {
			edit(web("a.com", pods(0, 1, 100)), func(d *Desired) {
				d.Groups[1].Key, d.Listeners[0].Rules[0].Group = "next", "next"
			}),
			webNow(pods(0, 1, 100), ownRule("rule-1", "a.com", "rsp-app")),
			[]Step{
				CreateGroup{"next", pods(0, 1, 100)},
				SetRule{Endpoint: port80, Rule: Rule{Domain: "a.com", Group: "next"}},
				DeleteGroup{"rsp-app", "app"},
			},
		},
		"a group that shall serve no more serves until its rule has moved": {
			edit(web("a.com", pods(0, 1, 0)), func(d *Desired) {
				d.Groups = append(d.Groups, Group{Key: "next", Members: pods(1, 2, 100)})
				d.Listeners[0].Rules[0].Group = "next"
			}),
			webNow(pods(0, 1, 100), ownRule("rule-1", "a.com", "rsp-app")),
			[]Step{
				CreateGroup{"next", pods(1, 2, 100)},
				SetRule{Endpoint: port80, Rule: Rule{Domain: "a.com", Group: "next"}},
				SetWeights{"app", pods(0, 1, 0)},
			},
		},
		"a stopped listener and a changed setting": {
			web("a.com", pods(0, 1, 100)),
			editNow(webNow(pods(0, 1, 100), ownRule("rule-1", "a.com", "rsp-app")), func(a *Actual) {
				a.Listeners[0].Status, a.Listeners[0].RequestTimeout = statusStopped, 60
			}),
			[]Step{StartListener{port80}, SetListener{httpListener}},
		},
		"a listener of another protocol takes the place": {
			edit(web("a.com", pods(0, 1, 100)), func(d *Desired) {
				d.Certificates = certs[:1]
				d.Listeners = []Listener{{Protocol: HTTPS, Port: 80, Group: "default", Certificate: one, Rules: []Rule{{Domain: "a.com", Group: "app"}}}}
			}),
			webNow(pods(0, 1, 100), ownRule("rule-1", "a.com", "rsp-app")),
			[]Step{
				UploadCertificate{one},
				DeleteListener{port80, &Listener{Protocol: HTTPS, Port: 80, Group: "default", Certificate: one}},
				CreateListener{Listener{Protocol: HTTPS, Port: 80, Group: "default", Certificate: one}}, StartListener{Endpoint{HTTPS, 80}},
				CreateRules{Endpoint{HTTPS, 80}, []Rule{{Domain: "a.com", Group: "app"}}},
			},
		},
		"a listener that somebody made redirect": {
			web("a.com", pods(0, 1, 100)),
			editNow(webNow(pods(0, 1, 100)), func(a *Actual) { a.Listeners[0].Redirects = true }),
			[]Step{
				DeleteListener{port80, &httpListener}, CreateListener{httpListener}, StartListener{port80},
				CreateRules{port80, []Rule{{Domain: "a.com", Group: "app"}}},
			},
		},
		"a rule that somebody gave settings of its own": {
			web("a.com", pods(0, 1, 100)),
			editNow(webNow(pods(0, 1, 100), ownRule("rule-1", "a.com", "rsp-app")), func(a *Actual) { a.Listeners[0].Rules[0].Apart = true }),
			[]Step{SetRule{port80, Rule{Domain: "a.com", Group: "app"}}},
		},
		"health checks that somebody made rare": {
			edit(web("a.com", nil), func(d *Desired) { d.Groups, d.Listeners = d.Groups[:1], []Listener{passed} }),
			Actual{
				Listeners: []ActualListener{{Protocol: TCP, Port: 80, Owned: true, Status: statusRunning, GroupID: "rsp-default", Scheduler: wrr, HealthCheck: true, Check: ActualCheck{Interval: 50}}},
				Groups:    []ActualGroup{{ID: "rsp-default", Owned: true, Key: "default"}},
			},
			[]Step{SetListener{passed}},
		},
		"a renewed certificate": {
			edit(secure(two), func(d *Desired) { d.Certificates = certs[1:2] }), secureNow(),
			[]Step{
				UploadCertificate{two},
				SetListener{Listener{Protocol: HTTPS, Port: 443, Group: "default", Certificate: two}},
				DeleteCertificate{"cert-1", one},
			},
		},
		"server names": {
			edit(secure(one), func(d *Desired) { d.Listeners[0].Extensions = []Extension{{"b.com", one}, {"c.com", two}} }),
			editNow(secureNow(), func(a *Actual) {
				a.Certificates = append(a.Certificates, ActualCertificate{"cert-2", two})
				a.Listeners[0].Extensions = []ActualExtension{{"de-1", "c.com", "cert-1"}, {"de-2", "d.com", "cert-2"}, {"de-3", "e.com", "cert-theirs"}}
			}),
			[]Step{
				SetExtension{443, "de-1", Extension{"c.com", two}},
				DeleteExtension{443, "de-2", "d.com"},
				CreateExtension{443, Extension{"b.com", one}},
			},
		},
		"a copy that a lost answer left": {
			web("a.com", pods(0, 1, 100)),
			editNow(webNow(pods(0, 1, 100), ownRule("rule-1", "a.com", "rsp-app")), func(a *Actual) {
				a.Groups = append([]ActualGroup{{ID: "rsp-copy", Owned: true, Key: "app"}}, a.Groups...)
			}),
			[]Step{DeleteGroup{"rsp-copy", "app"}},
		},
		"nothing any more": {Desired{},
			editNow(webNow(pods(0, 1, 100), ownRule("rule-1", "a.com", "rsp-app")), func(a *Actual) {
				a.Listeners = append(a.Listeners, ActualListener{Protocol: HTTP, Port: 8080, GroupID: "rsp-x", Status: statusRunning,
					Rules: []ActualRule{ownRule("rule-2", "b.com", "rsp-app"), {ID: "rule-3", Domain: "t.com", GroupID: "rsp-default"}}})
			}),
			[]Step{
				DeleteRules{[]RuleID{{"rule-2", Endpoint{HTTP, 8080}, "b.com", ""}}},
				DeleteListener{Endpoint: port80},
				DeleteGroup{"rsp-app", "app"}, // the default group serves somebody else's rule
			},
		},
	} {
		t.Run(name, func(t *testing.T) {
			plan := testPlanner().Plan(c.desired, c.actual)
			if diff := cmp.Diff(c.want, plan.Steps); diff != "" {
				t.Error(diff)
			}
			if len(plan.Problems) != 0 {
				t.Errorf("problems: %v", plan.Problems)
			}
		})
	}
}

func TestRulesOfADomainStayInOneCall(t *testing.T) {
	var rules []Rule
	for _, d := range []struct {
		name string
		n    int
	}{{"*.com", 3}, {"a.com", 4}, {"", 2}, {"b.com", 8}, {"*.a.com", 1}} {
		for i := range d.n {
			rules = append(rules, Rule{Domain: d.name, URL: []string{"/aaa", "/aa", "/a", "", "/b", "/c", "/d", "/e"}[i]})
		}
	}
	var got [][]string
	for _, call := range byDomain(rules, Rule.domain, false) {
		var names []string
		for _, r := range call {
			names = append(names, r.Domain+r.URL)
		}
		got = append(got, names)
	}
	want := [][]string{
		{"a.com", "a.com/a", "a.com/aa", "a.com/aaa"},
		{"b.com", "b.com/a", "b.com/b", "b.com/c", "b.com/d", "b.com/e", "b.com/aa", "b.com/aaa", "*.a.com/aaa"},
		{"*.com/a", "*.com/aa", "*.com/aaa", "/aa", "/aaa"},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}
