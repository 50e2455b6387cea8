package slb

import "fmt"

// Step is one write. It names groups and certificates by their keys, because
// those that an earlier step makes have no id when the plan is made.
type Step interface {
	fmt.Stringer
	// about is the object that a failure concerns.
	about() Object
}

// UploadCertificate uploads a desired certificate.
type UploadCertificate struct{ Fingerprint string }

// DeleteCertificate deletes an own certificate that nothing shows any more.
type DeleteCertificate struct{ ID, Fingerprint string }

// CreateGroup makes a vServer group with its first members, 20 at most.
type CreateGroup struct {
	Group   string
	Members []Member
}

// AddMembers adds up to 20 members to a group.
type AddMembers struct {
	Group   string
	Members []Member
}

// SetWeights changes the weights of up to 20 members of a group.
type SetWeights struct {
	Group   string
	Members []Member
}

// RemoveMembers takes up to 20 members out of a group.
type RemoveMembers struct {
	Group   string
	Members []Member
}

// DeleteGroup deletes an own group that nothing refers to.
type DeleteGroup struct{ ID, Group string }

// Activate sets a load balancer to work.
type Activate struct{ ID string }

// CreateListener makes a listener, which is stopped at first.
type CreateListener struct{ Listener Listener }

// SetListener changes a listener's settings in place.
type SetListener struct{ Listener Listener }

// StartListener starts a stopped listener.
type StartListener struct{ Endpoint Endpoint }

// DeleteListener deletes an own listener, with its rules.
type DeleteListener struct {
	Endpoint Endpoint
	// For is the listener that takes its place, nil when none does. It is not
	// deleted while that one cannot be made.
	For *Listener
}

// CreateRules makes up to 10 rules of a listener.
type CreateRules struct {
	Endpoint Endpoint
	Rules    []Rule
}

// SetRule points a rule to its group, and gives it the settings of its
// listener.
type SetRule struct {
	Endpoint Endpoint
	Rule     Rule
}

// RuleID is a rule to delete.
type RuleID struct {
	ID          string
	Endpoint    Endpoint
	Domain, URL string
}

// DeleteRules deletes up to 10 own rules.
type DeleteRules struct{ Rules []RuleID }

// CreateExtension shows a certificate for a server name.
type CreateExtension struct {
	Port      int
	Extension Extension
}

// SetExtension changes the certificate of a server name.
type SetExtension struct {
	Port      int
	ID        string
	Extension Extension
}

// DeleteExtension removes a server name.
type DeleteExtension struct {
	Port       int
	ID, Domain string
}

func (s UploadCertificate) about() Object { return CertificateObject(s.Fingerprint) }
func (s DeleteCertificate) about() Object { return CertificateObject(s.Fingerprint) }
func (s CreateGroup) about() Object       { return GroupObject(s.Group) }
func (s AddMembers) about() Object        { return GroupObject(s.Group) }
func (s SetWeights) about() Object        { return GroupObject(s.Group) }
func (s RemoveMembers) about() Object     { return GroupObject(s.Group) }
func (s DeleteGroup) about() Object       { return GroupObject(s.Group) }
func (s Activate) about() Object          { return InstanceObject(s.ID) }
func (s CreateListener) about() Object    { return ListenerObject(s.Listener.Endpoint()) }
func (s SetListener) about() Object       { return ListenerObject(s.Listener.Endpoint()) }
func (s StartListener) about() Object     { return ListenerObject(s.Endpoint) }
func (s DeleteListener) about() Object    { return ListenerObject(s.Endpoint) }
func (s SetRule) about() Object           { return RuleObject(s.Endpoint, s.Rule.Domain, s.Rule.URL) }
func (s CreateExtension) about() Object   { return ExtensionObject(s.Port, s.Extension.Domain) }
func (s SetExtension) about() Object      { return ExtensionObject(s.Port, s.Extension.Domain) }
func (s DeleteExtension) about() Object   { return ExtensionObject(s.Port, s.Domain) }

func (s CreateRules) about() Object {
	return RuleObject(s.Endpoint, s.Rules[0].Domain, s.Rules[0].URL)
}

func (s DeleteRules) about() Object {
	r := s.Rules[0]
	return RuleObject(r.Endpoint, r.Domain, r.URL)
}

func (s UploadCertificate) String() string { return "upload " + s.about().String() }
func (s DeleteCertificate) String() string { return "delete " + s.about().String() }
func (s DeleteGroup) String() string       { return "delete " + s.about().String() }
func (s Activate) String() string          { return "activate " + s.about().String() }
func (s CreateListener) String() string    { return "create " + s.about().String() }
func (s SetListener) String() string       { return "set " + s.about().String() }
func (s StartListener) String() string     { return "start " + s.about().String() }
func (s DeleteListener) String() string    { return "delete " + s.about().String() }
func (s SetRule) String() string           { return "set " + s.about().String() + " to " + s.Rule.Group }
func (s CreateExtension) String() string   { return "create " + s.about().String() }
func (s SetExtension) String() string      { return "set " + s.about().String() }
func (s DeleteExtension) String() string   { return "delete " + s.about().String() }

func (s CreateGroup) String() string {
	return fmt.Sprintf("create %s with %d members", s.about(), len(s.Members))
}

func (s AddMembers) String() string {
	return fmt.Sprintf("add %d members to %s", len(s.Members), s.about())
}

func (s SetWeights) String() string {
	return fmt.Sprintf("set %d weights in %s", len(s.Members), s.about())
}

func (s RemoveMembers) String() string {
	return fmt.Sprintf("remove %d members from %s", len(s.Members), s.about())
}

func (s CreateRules) String() string {
	return fmt.Sprintf("create %d rules from %s", len(s.Rules), s.about())
}

func (s DeleteRules) String() string {
	return fmt.Sprintf("delete %d rules from %s", len(s.Rules), s.about())
}
