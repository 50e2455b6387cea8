package slb

import "fmt"

// Kind of an object on a load balancer.
type Kind string

// The kinds of objects.
const (
	KindInstance    Kind = "load balancer"
	KindListener    Kind = "listener"
	KindRule        Kind = "rule"
	KindGroup       Kind = "vServer group"
	KindMember      Kind = "member"
	KindCertificate Kind = "certificate"
	KindExtension   Kind = "domain extension"
)

// Object names something that an error is about. It is comparable; the
// functions below make the names of desired objects.
type Object struct {
	Kind Kind
	Name string
}

func (o Object) String() string { return string(o.Kind) + " " + o.Name }

func (e Endpoint) String() string { return fmt.Sprintf("%s:%d", e.Protocol, e.Port) }

// InstanceObject names the load balancer itself.
func InstanceObject(id string) Object { return Object{KindInstance, id} }

// ListenerObject names a listener.
func ListenerObject(e Endpoint) Object { return Object{KindListener, e.String()} }

// RuleObject names a rule by what it matches.
func RuleObject(e Endpoint, domain, url string) Object {
	if domain == "" {
		domain = "*"
	}
	return Object{KindRule, e.String() + " " + domain + url}
}

// GroupObject names a group by its key.
func GroupObject(key string) Object { return Object{KindGroup, key} }

// MemberObject names a member of a group.
func MemberObject(group string, m Member) Object {
	return Object{KindMember, fmt.Sprintf("%s %s %s:%d", group, m.ServerID, m.IP, m.Port)}
}

// CertificateObject names a certificate by its fingerprint.
func CertificateObject(fingerprint string) Object { return Object{KindCertificate, fingerprint} }

// ExtensionObject names a server name of an HTTPS listener.
func ExtensionObject(port int, domain string) Object {
	return Object{KindExtension, Endpoint{HTTPS, port}.String() + " " + domain}
}
