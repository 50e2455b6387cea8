package slb

import (
	"slices"

	"github.com/ebb-node/ebb/mockcloud/rpc"
)

// setRule is SetRule
// (https://www.alibabacloud.com/help/en/slb/classic-load-balancer/developer-reference/api-slb-2014-05-15-setrule).
// It knows no Domain and no Url, which never change.
type setRule struct {
	RuleId         string `rpc:",required"`
	RuleName       *string
	VServerGroupId string
	ListenerSync   *string
	ruleSettings
}

func (r *setRule) scope(s *state) scope { return s.ruleScope(r.RuleId) }

func (r *setRule) change(s *state, w *world) (any, error) {
	found, on, i, err := s.findRule(r.RuleId)
	if err != nil {
		return nil, err
	}
	_, l, err := s.editListener(found.id, on.port, on.protocol)
	if err != nil {
		return nil, err
	}
	x := &l.rules[i]
	if err := r.rename(l, x); err != nil {
		return nil, err
	}
	if r.VServerGroupId != "" {
		if _, err := s.ownGroup(r.VServerGroupId, found.id, w); err != nil {
			return nil, err
		}
		x.group = r.VServerGroupId
	}
	return nil, r.configure(x)
}

func (r *setRule) rename(l *listener, x *rule) error {
	if r.RuleName == nil {
		return nil
	}
	if slices.ContainsFunc(l.rules, func(o rule) bool { return o.name == *r.RuleName && o.id != x.id }) {
		return rpc.InvalidParameter("RuleName", "%s is already in use", *r.RuleName)
	}
	x.name = *r.RuleName
	return named("RuleName", x.name, 40)
}

// configure changes the rule's own settings, which take effect, and are kept,
// only with ListenerSync off.
func (r *setRule) configure(x *rule) error {
	if r.ListenerSync != nil {
		x.listenerSync = *r.ListenerSync
	}
	if x.listenerSync != "off" {
		x.own = ruleSettings{}
		return onOff("ListenerSync", r.ListenerSync)
	}
	overlay(&x.own, r.ruleSettings)
	standard(&x.own.Scheduler, "wrr")
	if err := firstError(
		given("StickySession", value(x.own.StickySession)),
		given("HealthCheck", value(x.own.HealthCheck)),
		oneOf("Scheduler", x.own.Scheduler, "wrr", "rr"),
		x.own.stickySettings.validate(),
		x.own.checkSettings.validate(),
	); err != nil {
		return err
	}
	x.own.checkSettings.fill()
	return nil
}

// deleteRules is DeleteRules.
type deleteRules struct {
	RuleIds string `rpc:",required"` // JSON list
}

func (r *deleteRules) scope(s *state) scope {
	ids, err := parseIDs(r.RuleIds)
	if err != nil {
		return scope{}
	}
	for _, id := range ids {
		if sc := s.ruleScope(id); sc.key != "" {
			return sc
		}
	}
	return scope{}
}

func (r *deleteRules) change(s *state, _ *world) (any, error) {
	ids, err := parseIDs(r.RuleIds)
	if err != nil || len(ids) == 0 || len(ids) > rulesPerCall {
		return nil, rpc.InvalidParameter("RuleIds", "a JSON list of 1 to %d strings is wanted", rulesPerCall)
	}
	for _, id := range ids {
		found, on, i, err := s.findRule(id)
		if err != nil {
			return nil, err
		}
		_, l, err := s.editListener(found.id, on.port, on.protocol)
		if err != nil {
			return nil, err
		}
		l.rules = slices.Delete(l.rules, i, i+1)
	}
	return nil, nil
}
