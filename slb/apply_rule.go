package slb

import (
	"context"
	"slices"
)

// ruleOf is a rule with its listener, which is what is refused or parked.
type ruleOf struct {
	Endpoint Endpoint
	Rule
}

func (r ruleOf) object() Object { return RuleObject(r.Endpoint, r.Domain, r.URL) }

// target is the id of the group that a rule or listener shall use. A group
// that cannot serve yet must not take over.
func (r *run) target(key string) (string, error) {
	g := r.now.group(key)
	if g == nil || (r.want.serves(key) || isDetour(key)) && !g.serving() {
		return "", blocked(GroupObject(key))
	}
	return g.ID, nil
}

func (r *run) createRules(ctx context.Context, s CreateRules) {
	l := r.now.listener(s.Endpoint)
	var list []ruleOf
	for _, rule := range s.Rules {
		entry := ruleOf{s.Endpoint, rule}
		_, err := r.target(rule.Group)
		if l == nil {
			err = blocked(ListenerObject(s.Endpoint))
		}
		if err != nil {
			r.failed = append(r.failed, Problem{entry.object(), err})
			continue
		}
		list = append(list, entry)
	}
	batch(r, ctx, list, ruleOf.object, func(now []ruleOf) error { return r.newRules(ctx, l, now) })
}

// ruleEntry is a member of the parameter RuleList.
type ruleEntry struct {
	RuleName       string
	Domain         string `json:",omitempty"`
	URL            string `json:"Url,omitempty"`
	VServerGroupID string `json:"VServerGroupId"`
}

func (r *run) newRules(ctx context.Context, l *ActualListener, list []ruleOf) error {
	r.touched.rules[l.Endpoint()] = true
	entries := make([]ruleEntry, len(list))
	for i, rule := range list {
		id, err := r.target(rule.Group)
		if err != nil {
			return err
		}
		entries[i] = ruleEntry{r.owner.ruleName(rule.match()), rule.Domain, rule.URL, id}
	}
	p := listenerParams(r.now.Instance.ID, l.Endpoint())
	p["RuleList"] = jsonText(entries)
	var answer struct{ Rules struct{ Rule []ruleWire } }
	if err := r.call(ctx, "CreateRules", p, &answer); err != nil {
		return err
	}
	ids := map[string]string{}
	for _, w := range answer.Rules.Rule {
		ids[w.RuleName] = w.RuleID
	}
	for _, e := range entries {
		l.Rules = append(l.Rules, ActualRule{
			ID: ids[e.RuleName], Domain: e.Domain, URL: e.URL, GroupID: e.VServerGroupID, Owned: true,
		})
	}
	return nil
}

func (r *run) setRule(ctx context.Context, s SetRule) error {
	l := r.now.listener(s.Endpoint)
	if l == nil {
		return blocked(ListenerObject(s.Endpoint))
	}
	is := l.rule(s.Rule.match())
	if is == nil || is.ID == "" {
		return blocked(s.about())
	}
	group, err := r.target(s.Rule.Group)
	if err != nil {
		return err
	}
	r.touched.rules[s.Endpoint] = true
	p := params{"RuleId": is.ID, "VServerGroupId": group}
	if is.Apart {
		p["ListenerSync"] = on
	}
	if err := r.call(ctx, "SetRule", p, nil); err != nil {
		return err
	}
	is.GroupID, is.Apart = group, false
	return nil
}

// deleteRules deletes rules, except those that still serve a host whose new
// rule could not be made.
func (r *run) deleteRules(ctx context.Context, s DeleteRules) {
	list := slices.DeleteFunc(slices.Clone(s.Rules), func(id RuleID) bool {
		for _, u := range r.unmade {
			if covers(id, u) {
				o := RuleObject(u.Endpoint, u.Domain, u.URL)
				r.failed = append(r.failed, Problem{RuleObject(id.Endpoint, id.Domain, id.URL), blocked(o)})
				return true
			}
		}
		return false
	})
	object := func(id RuleID) Object { return RuleObject(id.Endpoint, id.Domain, id.URL) }
	batch(r, ctx, list, object, func(now []RuleID) error { return r.dropRules(ctx, now) })
}

func (r *run) dropRules(ctx context.Context, list []RuleID) error {
	ids := make([]string, len(list))
	for i, id := range list {
		ids[i] = id.ID
		r.touched.rules[id.Endpoint] = true
	}
	err := r.call(ctx, "DeleteRules", params{"RuleIds": jsonText(ids)}, nil)
	if len(list) == 1 {
		err = deleted(err)
	}
	if err != nil {
		return err
	}
	for _, id := range list {
		if l := r.now.listener(id.Endpoint); l != nil {
			l.Rules = slices.DeleteFunc(l.Rules, func(is ActualRule) bool { return is.ID == id.ID })
		}
	}
	return nil
}
