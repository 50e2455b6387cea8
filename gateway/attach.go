package gateway

import (
	"slices"
	"time"

	"github.com/ebb-node/ebb/gateway/relay"
	"github.com/ebb-node/ebb/slb"
)

// maxAttachments is how many vServer groups a server can be in, all load
// balancers together
// (https://alibabacloud.com/help/en/slb/classic-load-balancer/user-guide/quotas).
// That it can be raised is disputed between two of the documents.
const maxAttachments = 50

// attachments are how many groups of one load balancer the relay's replicas can
// be in.
func attachments(balancers int) int { return maxAttachments / max(1, balancers) }

// crowdOut says which of the pools that the relay has a part in find no
// attachment of it left: they are led to the relay as a whole. Those that have
// the relay keep it, then the oldest route comes first.
func (b *balancer) crowdOut(routes []*route, fronts []relay.Front, l layout) map[string]bool {
	leaning := map[string]bool{}
	var order []string
	for _, r := range routes {
		for _, p := range r.poolsOn(b.key.visibility) {
			if p.leans() && !leaning[p.key] {
				leaning[p.key] = true
				order = append(order, p.key)
			}
		}
	}
	room := l.attachments - len(fronts)
	for key, m := range b.groups {
		if !leaning[key] && m.hasRelay() && !isRelayKey(key, fronts) {
			room-- // it is leaving
		}
	}
	slices.SortStableFunc(order, func(x, y string) int { return b.relayFirst(x) - b.relayFirst(y) })
	out := map[string]bool{}
	for _, key := range order[min(len(order), max(0, room)):] {
		out[key] = true
	}
	return out
}

// relayFirst is 0 for a group that has the relay, else 1.
func (b *balancer) relayFirst(key string) int {
	if b.groups[key].hasRelay() {
		return 0
	}
	return 1
}

// attached is how many groups have the relay.
func (b *balancer) attached() (n int) {
	for _, m := range b.groups {
		if m.hasRelay() {
			n++
		}
	}
	return n
}

// attachAgain is when to look again after the relay has left groups that
// others wait for: leaving them is written first.
const attachAgain = time.Second

func (m *membership) hasRelay() bool {
	return m != nil && slices.ContainsFunc(m.members, func(member slb.Member) bool { return member.Description == relayDescription })
}

func isRelayKey(key string, fronts []relay.Front) bool {
	return slices.ContainsFunc(fronts, func(f relay.Front) bool { return relayKey(f) == key })
}

// lead rules to the relay whose pools are crowded out.
func lead(rules []slb.Rule, f relay.Front, crowded map[string]bool) []slb.Rule {
	for i := range rules {
		if crowded[rules[i].Group] {
			rules[i].Group = relayKey(f)
		}
	}
	return rules
}
