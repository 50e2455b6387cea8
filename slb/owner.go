package slb

import (
	"crypto/sha256"
	"encoding/hex"
	"strings"
)

// Owner is whose objects are whose on load balancers that several may use.
type Owner struct {
	// Prefix begins all names: up to 8 lower-case letters and digits.
	Prefix string
	// Cluster tells installations in one account apart. It must stay the same
	// over restarts, such as the UID of a cluster's kube-system namespace.
	Cluster string
	// LoadBalancer tells the owner's load balancers apart, such as "public".
	LoadBalancer string
}

// Tags on instances and certificates, which have no listing by name. Keys hold
// at most 64 characters, values 128
// (https://www.alibabacloud.com/help/en/slb/classic-load-balancer/developer-reference/api-slb-2014-05-15-tagresources).
const (
	tagOwner        = "ebb-owner"
	tagLoadBalancer = "ebb-load-balancer"
	tagFingerprint  = "ebb-fingerprint"
)

// mark begins the names of all objects of the owner: rules cannot be tagged,
// so that their names must tell.
func (o Owner) mark() string { return o.Prefix + "-" + short(o.Cluster, 8) + "-" }

// ownerTag is the mark as a tag's value and a listener's description.
func (o Owner) ownerTag() string { return strings.TrimSuffix(o.mark(), "-") }

func (o Owner) groupName(key string) string { return o.mark() + key }

// groupKey reads a group's name.
func (o Owner) groupKey(name string) (key string, owned bool) {
	return strings.CutPrefix(name, o.mark())
}

// ruleName is unique in a listener because what a rule matches is. At most 40
// characters are allowed, and it has 34.
func (o Owner) ruleName(m match) string { return o.mark() + short(m.domain+" "+m.url, 16) }

func (o Owner) ownsRule(name string) bool { return strings.HasPrefix(name, o.mark()) }

func (o Owner) certificateName(fingerprint string) string {
	return o.mark() + short(o.LoadBalancer, 8) + "-" + fingerprint[:min(20, len(fingerprint))]
}

// tags of an instance of the owner.
func (o Owner) tags() map[string]string {
	return map[string]string{tagOwner: o.ownerTag(), tagLoadBalancer: o.LoadBalancer}
}

// owns reports whether tags are those of the owner's load balancer.
func (o Owner) owns(tags map[string]string) bool { return carries(tags, o.tags()) }

// short is a hash of text, n hexadecimal digits long.
func short(text string, n int) string {
	h := sha256.Sum256([]byte(text))
	return hex.EncodeToString(h[:])[:n]
}
