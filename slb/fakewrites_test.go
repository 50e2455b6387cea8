package slb

import (
	"encoding/json"
	"slices"
)

func memberList(text string) []Member {
	var list []memberAnswer
	_ = json.Unmarshal([]byte(text), &list)
	out := make([]Member, len(list))
	for i, w := range list {
		out[i] = w.member()
	}
	return out
}

func (f *fakeCloud) backends() (n int) {
	for _, g := range f.groups {
		n += len(g.members)
	}
	return n
}

func (f *fakeCloud) createGroup(p map[string]string) (any, error) {
	members := memberList(p["BackendServers"])
	if err := f.fits(members); err != nil {
		return nil, err
	}
	id := f.id("rsp")
	f.groups[id] = &fakeGroup{name: p["VServerGroupName"], members: members}
	return object{"VServerGroupId": id}, nil
}

func (f *fakeCloud) fits(members []Member) error {
	switch {
	case len(members) > 20:
		return refusal("TooManyBackendServers")
	case len(members) > 0 && f.backends()+len(members) > f.limits.BackendsPerInstance:
		return refusal(codeNoRoom)
	}
	return nil
}

// members finds the group and the members of a call.
func (f *fakeCloud) members(p map[string]string) (*fakeGroup, []Member, error) {
	g, members := f.groups[p["VServerGroupId"]], memberList(p["BackendServers"])
	switch {
	case g == nil:
		return nil, nil, missingGroup()
	case len(members) == 0:
		return nil, nil, refusal("BackendServersMalformed")
	case len(members) > 20:
		return nil, nil, refusal("TooManyBackendServers")
	}
	return g, members, nil
}

func (f *fakeCloud) addMembers(p map[string]string) (any, error) {
	g, members, err := f.members(p)
	if err != nil {
		return nil, err
	}
	if err := f.fits(members); err != nil {
		return nil, err
	}
	for _, m := range members {
		if contains(g.members, m.identity()) {
			return nil, refusal("InvalidBackendServers.Inconsistent")
		}
	}
	g.members = append(g.members, members...)
	return object{}, nil
}

func (f *fakeCloud) setMembers(p map[string]string) (any, error) {
	g, members, err := f.members(p)
	if err != nil {
		return nil, err
	}
	for _, m := range members {
		i := slices.IndexFunc(g.members, func(is Member) bool { return is.identity() == m.identity() })
		if i < 0 {
			return nil, refusal("InvalidServerId.NotFound")
		}
		g.members[i].Weight = m.Weight
	}
	return object{}, nil
}

func (f *fakeCloud) removeMembers(p map[string]string) (any, error) {
	g, members, err := f.members(p)
	if err != nil {
		return nil, err
	}
	g.members = slices.DeleteFunc(g.members, func(m Member) bool { return contains(members, m.identity()) })
	return object{}, nil
}

func (f *fakeCloud) deleteGroup(p map[string]string) (any, error) {
	id := p["VServerGroupId"]
	if f.groups[id] == nil {
		return nil, missingGroup()
	}
	for _, l := range f.listeners {
		if l.settings["VServerGroupId"] == id {
			return nil, refusal("RspoolVipExist")
		}
		if slices.ContainsFunc(l.rules, func(r ruleWire) bool { return r.VServerGroupID == id }) {
			return nil, refusal("RspoolRuleExist")
		}
	}
	delete(f.groups, id)
	return object{}, nil
}

func (f *fakeCloud) createListener(protocol Protocol, p map[string]string) (any, error) {
	e := endpointOf(p)
	e.Protocol = protocol
	for other := range f.listeners {
		if other.Port == e.Port {
			return nil, refusal("ListenerAlreadyExists")
		}
	}
	if f.groups[p["VServerGroupId"]] == nil {
		return nil, missingGroup()
	}
	if protocol == HTTPS && f.certs[p["ServerCertificateId"]] == nil {
		return nil, refusal("ServerCertificateId.NotFound")
	}
	if interval, ok := p["healthCheckInterval"]; ok {
		delete(p, "healthCheckInterval")
		p["HealthCheckInterval"] = interval
	}
	f.listeners[e] = &fakeListener{settings: p, status: statusStopped, exts: map[string]fakeExtension{}}
	return object{}, nil
}

func (f *fakeCloud) setListener(protocol Protocol, p map[string]string) (any, error) {
	e := endpointOf(p)
	e.Protocol = protocol
	l := f.listeners[e]
	switch {
	case l == nil:
		return nil, refusal("ListenerNotFound")
	case f.groups[p["VServerGroupId"]] == nil || p["VServerGroup"] != on:
		return nil, missingGroup()
	case protocol == HTTPS && f.certs[p["ServerCertificateId"]] == nil:
		return nil, refusal("ServerCertificateId.NotFound")
	}
	for k, v := range p {
		l.settings[k] = v
	}
	return object{}, nil
}

func (f *fakeCloud) startListener(p map[string]string) (any, error) {
	l := f.listeners[endpointOf(p)]
	if l == nil || l.status != statusStopped {
		return nil, refusal("ListenerNotFound")
	}
	l.status = statusRunning
	return object{}, nil
}

func (f *fakeCloud) deleteListener(p map[string]string) (any, error) {
	e := endpointOf(p)
	if f.listeners[e] == nil {
		return nil, refusal("ListenerNotFound")
	}
	delete(f.listeners, e)
	return object{}, nil
}

func (f *fakeCloud) createRules(p map[string]string) (any, error) {
	l := f.listeners[endpointOf(p)]
	var list []struct{ RuleName, Domain, URL, VServerGroupID string }
	_ = json.Unmarshal([]byte(p["RuleList"]), &list)
	switch {
	case l == nil:
		return nil, refusal("ListenerNotFound")
	case l.status != statusRunning:
		return nil, refusal("OperationFailed.ListenerStatusNotSupport")
	case len(list) == 0 || len(list) > 10:
		return nil, refusal("RuleListMalformed")
	case len(l.rules)+len(list) > f.limits.RulesPerListener:
		return nil, refusal("TooManyRules")
	}
	for _, r := range list {
		if f.groups[r.VServerGroupID] == nil {
			return nil, missingGroup()
		}
		if slices.ContainsFunc(l.rules, func(is ruleWire) bool {
			return is.Domain == r.Domain && is.URL == r.URL || is.RuleName == r.RuleName
		}) {
			return nil, refusal("DomainExist")
		}
	}
	var answer []object
	for _, r := range list {
		id := f.id("rule")
		l.rules = append(l.rules, ruleWire{RuleID: id, RuleName: r.RuleName, Domain: r.Domain, URL: r.URL, VServerGroupID: r.VServerGroupID, ListenerSync: on})
		answer = append(answer, object{"RuleId": id, "RuleName": r.RuleName})
	}
	return object{"Rules": object{"Rule": answer}}, nil
}

func (f *fakeCloud) rule(id string) *ruleWire {
	for _, l := range f.listeners {
		for i := range l.rules {
			if l.rules[i].RuleID == id {
				return &l.rules[i]
			}
		}
	}
	return nil
}

func (f *fakeCloud) setRule(p map[string]string) (any, error) {
	r := f.rule(p["RuleId"])
	if r == nil {
		return nil, refusal("InvalidRuleId.NotFound")
	}
	if f.groups[p["VServerGroupId"]] == nil {
		return nil, missingGroup()
	}
	r.VServerGroupID = p["VServerGroupId"]
	if p["ListenerSync"] != "" {
		r.ListenerSync = p["ListenerSync"]
	}
	return object{}, nil
}

func (f *fakeCloud) deleteRules(p map[string]string) (any, error) {
	var ids []string
	_ = json.Unmarshal([]byte(p["RuleIds"]), &ids)
	if len(ids) == 0 || len(ids) > 10 {
		return nil, refusal("RuleListMalformed")
	}
	for _, id := range ids {
		if f.rule(id) == nil {
			return nil, refusal("InvalidRuleId.NotFound")
		}
	}
	for _, l := range f.listeners {
		l.rules = slices.DeleteFunc(l.rules, func(r ruleWire) bool { return slices.Contains(ids, r.RuleID) })
	}
	return object{}, nil
}

func (f *fakeCloud) uploadCertificate(p map[string]string) (any, error) {
	if (Certificate{PEM: []byte(p["ServerCertificate"]), Key: []byte(p["PrivateKey"])}).check() != nil {
		return nil, refusal("CertificateNotMatchPrivateKey")
	}
	id := f.id("cert")
	f.certs[id] = &fakeCertificate{name: p["ServerCertificateName"], tags: tagParams(p)}
	return object{"ServerCertificateId": id}, nil
}

func (f *fakeCloud) deleteCertificate(p map[string]string) (any, error) {
	id := p["ServerCertificateId"]
	if f.certs[id] == nil {
		return nil, refusal("ServerCertificateId.NotFound")
	}
	for _, l := range f.listeners {
		shown := l.settings["ServerCertificateId"] == id
		for _, e := range l.exts {
			shown = shown || e.certificate == id
		}
		if shown {
			return nil, refusal("CertificateAndPrivateKeyIsRefered")
		}
	}
	delete(f.certs, id)
	return object{}, nil
}

func (f *fakeCloud) createExtension(p map[string]string) (any, error) {
	l := f.listeners[Endpoint{HTTPS, endpointOf(p).Port}]
	switch {
	case l == nil:
		return nil, refusal("ListenerNotFound")
	case f.certs[p["ServerCertificateId"]] == nil:
		return nil, refusal("ServerCertificateId.NotFound")
	case len(l.exts) >= f.limits.ExtensionsPerListener:
		return nil, refusal("OverQuota")
	}
	for _, e := range l.exts {
		if e.domain == p["Domain"] {
			return nil, refusal("DomainExist")
		}
	}
	id := f.id("de")
	l.exts[id] = fakeExtension{p["Domain"], p["ServerCertificateId"]}
	return object{"DomainExtensionId": id}, nil
}

func (f *fakeCloud) setExtension(p map[string]string) (any, error) {
	for _, l := range f.listeners {
		if e, ok := l.exts[p["DomainExtensionId"]]; ok && f.certs[p["ServerCertificateId"]] != nil {
			l.exts[p["DomainExtensionId"]] = fakeExtension{e.domain, p["ServerCertificateId"]}
			return object{}, nil
		}
	}
	return nil, refusal("InvalidParameter.DomainExtensionId")
}

func (f *fakeCloud) deleteExtension(p map[string]string) (any, error) {
	for _, l := range f.listeners {
		if _, ok := l.exts[p["DomainExtensionId"]]; ok {
			delete(l.exts, p["DomainExtensionId"])
			return object{}, nil
		}
	}
	return nil, refusal("InvalidParameter.DomainExtensionId")
}
