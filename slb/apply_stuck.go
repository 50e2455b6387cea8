package slb

import "strings"

// note looks at what a step has left undone: rules that were not made, and
// groups that traffic could not be led away from.
func (r *run) note(s Step) {
	switch s := s.(type) {
	case CreateRules:
		for _, rule := range s.Rules {
			r.noteUnmade(RuleID{Endpoint: s.Endpoint, Domain: rule.Domain, URL: rule.URL})
		}
	case SetRule:
		if l := r.now.listener(s.Endpoint); l != nil {
			if is := l.rule(s.Rule.match()); is != nil {
				r.noteGroup(is.GroupID, s.Rule.Group)
			}
		}
	case SetListener:
		if l := r.now.listener(s.Listener.Endpoint()); l != nil {
			r.noteGroup(l.GroupID, s.Listener.Group)
		}
	case DeleteRules:
		for _, id := range s.Rules {
			if l := r.now.listener(id.Endpoint); l != nil {
				if is := l.rule(match{id.Domain, id.URL}); is != nil {
					r.stuck[is.GroupID] = true
				}
			}
		}
	}
}

// noteGroup holds a group that something still uses instead of the wanted one.
func (r *run) noteGroup(id, wanted string) {
	if g := r.now.group(wanted); g == nil || g.ID != id {
		r.stuck[id] = true
	}
}

// noteUnmade holds the groups that answer for a rule which is not there.
func (r *run) noteUnmade(missing RuleID) {
	l := r.now.listener(missing.Endpoint)
	if l != nil && l.rule(match{missing.Domain, missing.URL}) != nil {
		return
	}
	r.unmade = append(r.unmade, missing)
	if l == nil {
		return
	}
	r.stuck[l.GroupID] = true
	for _, is := range l.Rules {
		if covers(RuleID{Endpoint: l.Endpoint(), Domain: is.Domain}, missing) {
			r.stuck[is.GroupID] = true
		}
	}
}

// covers reports whether a rule may answer requests of another one.
func covers(id, other RuleID) bool {
	if id.Endpoint != other.Endpoint {
		return false
	}
	if id.Domain == "" || id.Domain == other.Domain {
		return true
	}
	suffix, wild := strings.CutPrefix(id.Domain, "*")
	return wild && strings.HasSuffix(other.Domain, suffix)
}
