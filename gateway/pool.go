package gateway

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"strconv"
	"strings"

	"k8s.io/apimachinery/pkg/types"
	"k8s.io/apimachinery/pkg/util/intstr"

	"github.com/ebb-node/ebb/gateway/ingress"
)

// pool is one list of splits of an Ingress, which becomes one vServer group on
// each load balancer that the Ingress is on. All paths and hosts that split
// alike share it.
type pool struct {
	// key of the vServer group. It does not depend on Services or percentages:
	// a change of them changes weights and members, not rules.
	key    string
	splits []split
	shares []share // what serves the splits, in their order
	// h2c means that pods want cleartext HTTP/2, which CLB does not speak
	// (https://www.alibabacloud.com/help/doc-detail/32460.html).
	h2c bool
}

// split is a Service with its percentage; a Service occurs once in a pool.
type split struct {
	service types.NamespacedName
	port    intstr.IntOrString
	percent int
}

// direct reports whether rules lead to the pool's own group. If not, they lead
// to the relay.
func (p *pool) direct() bool {
	return !p.h2c && !slices.ContainsFunc(p.shares, func(s share) bool { return s.unreachable }) &&
		slices.ContainsFunc(p.shares, func(s share) bool { return len(s.targets) > 0 })
}

// leans reports whether the relay has a part in the pool's own group.
func (p *pool) leans() bool {
	return p.direct() && slices.ContainsFunc(p.shares, func(s share) bool { return len(s.targets) == 0 })
}

// size is the number of pods.
func (p *pool) size() (n int) {
	for _, s := range p.shares {
		n += len(s.targets)
	}
	return n
}

// mergeSplits makes a canonical list: each Service once, sorted.
func mergeSplits(in []ingress.Split) []split {
	var out []split
	for _, s := range in {
		i := slices.IndexFunc(out, func(o split) bool { return o.service == s.Service && o.port == s.Port })
		if i < 0 {
			out = append(out, split{service: s.Service, port: s.Port, percent: s.Percent})
			continue
		}
		out[i].percent += s.Percent
	}
	slices.SortFunc(out, func(a, b split) int {
		return cmp.Or(cmp.Compare(a.service.Namespace, b.service.Namespace), cmp.Compare(a.service.Name, b.service.Name),
			cmp.Compare(a.port.String(), b.port.String()))
	})
	return out
}

// signature is equal for equal lists.
func signature(splits []split) string {
	var b strings.Builder
	for _, s := range splits {
		b.WriteString(s.service.String() + ":" + s.port.String() + "=" + strconv.Itoa(s.percent) + " ")
	}
	return b.String()
}

// anchor is the path that a pool is named after: of those that use it, the one
// with the shortest host, which is the Route's own rather than a tag's. It
// stays when tags and percentages come and go.
type anchor struct{ host, prefix string }

func (a anchor) compare(b anchor) int {
	return cmp.Or(cmp.Compare(len(a.host), len(b.host)), cmp.Compare(a.host, b.host), cmp.Compare(a.prefix, b.prefix))
}

const (
	// maxKey is the longest key that package slb takes.
	maxKey = 67
	// hashLength makes a collision in a full load balancer rarer than one in
	// ten million.
	hashLength = 10
)

// poolKey shows whose group it is, and is unique by its hash. An Ingress of
// the same name that comes later gets the same keys, so that a Service that is
// made anew takes over its groups.
func poolKey(owner types.NamespacedName, a anchor) string {
	sum := sha256.Sum256([]byte(owner.String() + " " + a.host + a.prefix))
	name := owner.String()
	return name[:min(len(name), maxKey-hashLength-1)] + "." + hex.EncodeToString(sum[:])[:hashLength]
}
