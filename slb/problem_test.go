package slb

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestProblemsNameTheObjectAndLeaveOthersAlone plans wishes that cannot all be
// fulfilled.
func TestProblemsNameTheObjectAndLeaveOthersAlone(t *testing.T) {
	certs := testCertificates()
	mismatch := Certificate{PEM: certs[0].PEM, Key: certs[1].Key}
	broken := mismatch.Fingerprint()
	now := webNow(pods(0, 1, 100), ownRule("rule-1", "a.com", "rsp-app"))
	port443 := Endpoint{HTTPS, 443}
	for name, c := range map[string]struct {
		change  func(*Desired)
		actual  func(*Actual)
		want    map[Object]string // parts of the errors
		mostly  []string          // steps that are planned all the same
		without string            // part of steps that must not be planned
	}{
		"a path with forbidden characters": {
			change: func(d *Desired) {
				d.Listeners[0].Rules = append(d.Listeners[0].Rules, Rule{"b.com", "/a_b", "app"}, Rule{"b.com", "", "app"})
			},
			want:   map[Object]string{RuleObject(port80, "b.com", "/a_b"): "url"},
			mostly: []string{"create 1 rules from rule http:80 b.com"},
		},
		"a host in capitals": {
			change: func(d *Desired) { d.Listeners[0].Rules = append(d.Listeners[0].Rules, Rule{"B.com", "", "app"}) },
			want:   map[Object]string{RuleObject(port80, "B.com", ""): "lower-case"},
		},
		"a path of / only": {
			change: func(d *Desired) { d.Listeners[0].Rules = append(d.Listeners[0].Rules, Rule{"b.com", "/", "app"}) },
			want:   map[Object]string{RuleObject(port80, "b.com", "/"): "leave it empty"},
		},
		"a rule for a group that is not there": {
			change:  func(d *Desired) { d.Listeners[0].Rules[0].Group = "nowhere" },
			want:    map[Object]string{RuleObject(port80, "a.com", ""): "waits for vServer group nowhere"},
			without: "delete",
		},
		"two rules for one host": {
			change: func(d *Desired) { d.Listeners[0].Rules = append(d.Listeners[0].Rules, Rule{"a.com", "", "default"}) },
			want:   map[Object]string{RuleObject(port80, "a.com", ""): "twice"},
		},
		"a rule of somebody else in the place": {
			actual: func(a *Actual) { a.Listeners[0].Rules[0].Owned = false },
			want:   map[Object]string{RuleObject(port80, "a.com", ""): "rule rule-1"},
		},
		"a listener of somebody else in the place": {
			actual: func(a *Actual) { a.Listeners[0].Owned = false },
			want: map[Object]string{
				ListenerObject(port80):          "belongs to somebody else",
				RuleObject(port80, "a.com", ""): "waits for listener http:80",
			},
			without: "listener",
		},
		"a certificate that does not match its key": {
			change: func(d *Desired) {
				d.Certificates = []Certificate{mismatch}
				d.Listeners = append(d.Listeners, Listener{Protocol: HTTPS, Port: 443, Group: "default", Certificate: broken, Rules: []Rule{{"a.com", "", "app"}}})
			},
			want: map[Object]string{
				CertificateObject(broken):        "does not match",
				ListenerObject(port443):          "waits for certificate",
				RuleObject(port443, "a.com", ""): "waits for listener",
			},
			without: "listener",
		},
		"a broken certificate on a listener that is there": {
			change: func(d *Desired) {
				d.Certificates = []Certificate{mismatch}
				d.Listeners = append(d.Listeners, Listener{Protocol: HTTPS, Port: 443, Group: "default", Certificate: broken, Rules: []Rule{{"a.com", "", "app"}}})
			},
			actual: func(a *Actual) {
				a.Certificates = []ActualCertificate{{"cert-1", "old"}}
				a.Listeners = append(a.Listeners, ActualListener{Protocol: HTTPS, Port: 443, Owned: true, Status: statusRunning, GroupID: "rsp-default", Scheduler: wrr, CertificateID: "cert-1"})
			},
			want: map[Object]string{
				CertificateObject(broken): "does not match",
				ListenerObject(port443):   "waits for certificate",
			},
			mostly:  []string{"create 1 rules from rule https:443 a.com"},
			without: "delete",
		},
		"a bad pod": {
			change: func(d *Desired) {
				d.Groups[1].Members = append(d.Groups[1].Members, Member{ServerID: "eni-x", Port: 8012, Weight: 1}, pod(9, 101), pod(8, 100))
			},
			want: map[Object]string{
				{KindMember, "app eni-x :8012"}:  "IP is empty",
				MemberObject("app", pod(9, 101)): "weight 101",
			},
			mostly: []string{"add 1 members to vServer group app"},
		},
		"a timeout out of range": {
			change:  func(d *Desired) { d.Listeners[0].RequestTimeout = 300 },
			want:    map[Object]string{ListenerObject(port80): "request timeout 300 s is not between 1 and 180"},
			without: "listener",
		},
		"checks that would count as traffic": {
			change:  func(d *Desired) { d.Listeners[0].Checked = true },
			want:    map[Object]string{ListenerObject(port80): "checked is for TCP listeners only"},
			without: "listener",
		},
		"more hosts than a listener takes": {
			change: func(d *Desired) {
				d.Listeners[0].Rules = nil
				for i := range 40 {
					d.Listeners[0].Rules = append(d.Listeners[0].Rules, Rule{fmt.Sprintf("h%d.com", i), "", "app"})
				}
				d.Listeners[0].Rules = append(d.Listeners[0].Rules, Rule{"a.com", "", "app"})
			},
			want:   map[Object]string{RuleObject(port80, "h39.com", ""): "the limit of rules of a listener is 40"},
			mostly: []string{"create 10 rules", "create 9 rules"},
		},
		"more server names than a listener takes": {
			change: func(d *Desired) {
				d.Certificates = certs[:1]
				l := Listener{Protocol: HTTPS, Port: 443, Group: "default", Certificate: certs[0].Fingerprint()}
				for _, domain := range []string{"a.com", "b.com", "c.com", "d.com"} {
					l.Extensions = append(l.Extensions, Extension{domain, certs[0].Fingerprint()})
				}
				d.Listeners = append(d.Listeners, l)
			},
			want:   map[Object]string{ExtensionObject(443, "d.com"): "is 3"},
			mostly: []string{"create domain extension https:443 c.com"},
		},
		"more pods than a load balancer takes": {
			change: func(d *Desired) { d.Groups[1].Members = pods(0, 201, 100) },
			want:   map[Object]string{MemberObject("app", pod(200, 100)): "is 200"},
			mostly: []string{"add 19 members", "add 20 members"},
		},
		"a group's name": {
			change: func(d *Desired) {
				d.Groups = append(d.Groups, Group{Key: "ümlaut"}, Group{Key: strings.Repeat("x", 68)}, Group{Key: "app"})
			},
			want: map[Object]string{
				GroupObject("ümlaut"):                "letters, digits",
				GroupObject(strings.Repeat("x", 68)): "longer than 67",
				GroupObject("app"):                   "twice",
			},
		},
	} {
		t.Run(name, func(t *testing.T) {
			d, a := web("a.com", pods(0, 1, 100)), now.clone()
			if c.change != nil {
				c.change(&d)
			}
			if c.actual != nil {
				c.actual(&a)
			}
			plan := testPlanner().Plan(d, a)
			got := map[Object]string{}
			for _, p := range plan.Problems {
				got[p.Object] = p.Error()
			}
			for o, part := range c.want {
				if strings.Contains(got[o], part) {
					got[o] = part
				}
			}
			if diff := cmp.Diff(c.want, got); diff != "" {
				t.Error(diff)
			}
			steps := fmt.Sprint(plan.Steps)
			for _, part := range c.mostly {
				if !strings.Contains(steps, part) {
					t.Errorf("%q is not planned: %s", part, steps)
				}
			}
			if c.without != "" && strings.Contains(steps, c.without) {
				t.Errorf("%q is planned: %s", c.without, steps)
			}
		})
	}
}
