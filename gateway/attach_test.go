package gateway

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"k8s.io/apimachinery/pkg/types"

	"github.com/ebb-node/ebb/gateway/ingress"
	"github.com/ebb-node/ebb/slb"
)

// canary is a route of which one revision has a pod and one has none.
func canary(name string) *route {
	r := newRoute(types.NamespacedName{Namespace: "default", Name: name}, []ingress.Host{on(name+".com", "/", "v1=90 v2=10")})
	r.homes[0].at = 1
	r.pools[0].shares = []share{{percent: 90, targets: pods(1, 2)}, {percent: 10, targets: nil}}
	return r
}

func TestTheRelayIsAttachedAsOftenAsItCanBe(t *testing.T) {
	b := newBalancer(balancerKey{ingress.Internet, 1})
	l := testLayout()
	l.attachments = 3 // one of them is for the relay's own group
	check := func(step string, routes []*route, want string) {
		t.Helper()
		var direct []string
		d := b.assemble(routes, l)
		b.wishes.add(d, today)
		for _, r := range d.Listeners[0].Rules {
			if !strings.HasPrefix(r.Group, "relay.") {
				direct = append(direct, strings.TrimSuffix(r.Domain, ".com"))
			}
		}
		if got := strings.Join(direct, " "); got != want {
			t.Errorf("%s: requests go straight to pods of %q, want %q", step, got, want)
		}
		attached := 0
		for _, g := range d.Groups {
			if slices.ContainsFunc(g.Members, func(m slb.Member) bool { return m.Description == relayDescription }) {
				attached++
			}
		}
		if attached > l.attachments {
			t.Errorf("%s: the relay is in %d groups", step, attached)
		}
	}
	one, two, three := canary("b"), canary("c"), canary("d")
	check("the oldest have it", []*route{one, two, three}, "b c")
	older := canary("a")
	check("who has it keeps it", []*route{older, one, two, three}, "b c")
	one.pools[0].shares[1].targets = pods(2, 3)
	check("one needs it no more, but requests to it have not ended", []*route{older, one, two, three}, "b c")
	l.lingering.now = today.Add(time.Hour)
	check("they are released", []*route{older, one, two, three}, "b c")
	check("it is free again", []*route{older, one, two, three}, "a b c")
}

// Many Services with an idle canary do not exceed the quota.
func TestManyCanaries(t *testing.T) {
	s := newScene(t).start()
	s.revision("a-1", 0, 1)
	s.revision("b-1", 2, 3)
	s.revision("idle", 1, 1)
	var names []string
	for i := range 40 { // with 12 in the cluster more than the quota of 50
		ing := knative(fmt.Sprint("c", i), []string{"a-1=90 idle=10", "b-1=90 idle=10"}[i%2])
		if i >= 12 {
			ing = onlyOutside(ing)
		}
		names = append(names, ing.Name)
		s.apply(ing)
	}
	s.ready(names...)
	s.settled("internet", "intranet")
	for action, codes := range s.cloud.Counts() {
		if codes["OverQuota"] > 0 {
			t.Errorf("%s was refused %d times", action, codes["OverQuota"])
		}
	}
}
