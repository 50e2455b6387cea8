package balancer

import (
	"cmp"
	"errors"
	"fmt"
)

// withDefaults fills what a listener does not say.
func (l Listener) withDefaults() Listener {
	l.RequestTimeout = cmp.Or(l.RequestTimeout, DefaultRequestTimeout)
	l.IdleTimeout = cmp.Or(l.IdleTimeout, DefaultIdleTimeout)
	l.TCPTimers.Established = cmp.Or(l.TCPTimers.Established, DefaultEstablishedTimeout)
	l.Redirect.Code = cmp.Or(l.Redirect.Code, DefaultRedirectCode)
	l.TLS.Policy = cmp.Or(l.TLS.Policy, DefaultTLSPolicy)
	return l
}

// validate says what a balancer can't do. The API's own limits are the
// control plane's affair.
func validate(lb LoadBalancer, groups map[string]Group) error {
	if lb.ID == "" {
		return errors.New("a load balancer needs an ID")
	}
	if !lb.Address.IsValid() {
		return fmt.Errorf("load balancer %s: Address is missing", lb.ID)
	}
	ports := map[int]bool{}
	for _, l := range lb.Listeners {
		if ports[l.Port] {
			return fmt.Errorf("load balancer %s: more than one listener on port %d", lb.ID, l.Port)
		}
		ports[l.Port] = true
		if err := l.validate(groups); err != nil {
			return fmt.Errorf("load balancer %s, listener %d: %w", lb.ID, l.Port, err)
		}
	}
	for id, group := range groups {
		if err := group.validate(); err != nil {
			return fmt.Errorf("load balancer %s, group %s: %w", lb.ID, id, err)
		}
	}
	return nil
}

func (l Listener) validate(groups map[string]Group) error {
	switch {
	case l.Port < 1 || l.Port > 65535:
		return fmt.Errorf("Port must be 1 to 65535")
	case l.Protocol != HTTP && l.Protocol != HTTPS && l.Protocol != TCP:
		return fmt.Errorf("Protocol %q is not http, https or tcp", l.Protocol)
	case l.Protocol == HTTPS && l.TLS.Certificate == nil:
		return fmt.Errorf("TLS.Certificate is missing")
	case l.Protocol == HTTPS && l.TLS.Policy != "" && cipherPolicies[l.TLS.Policy].suites == nil:
		return fmt.Errorf("TLS.Policy %q is not known", l.TLS.Policy)
	case l.Protocol == TCP && len(l.Rules) > 0:
		return fmt.Errorf("Rules are for http and https only")
	case l.Protocol != HTTP && l.Redirect.Port != 0:
		return fmt.Errorf("Redirect is for http only")
	}
	if err := l.Policy.validate(); err != nil {
		return err
	}
	if err := known(groups, l.DefaultGroup); err != nil {
		return fmt.Errorf("DefaultGroup: %w", err)
	}
	return validateRules(l.Rules, groups)
}

func validateRules(rules []Rule, groups map[string]Group) error {
	seen := map[[2]string]string{}
	for _, r := range rules {
		condition := [2]string{r.Domain, r.URL}
		other, twice := seen[condition]
		switch {
		case r.Domain == "" && r.URL == "":
			return fmt.Errorf("rule %s: Domain or URL is needed", r.Name)
		case twice:
			return fmt.Errorf("rule %s: Domain %q and URL %q are those of rule %s", r.Name, r.Domain, r.URL, other)
		}
		seen[condition] = r.Name
		if err := known(groups, r.Group); err != nil {
			return fmt.Errorf("rule %s: Group: %w", r.Name, err)
		}
		if r.Policy == nil {
			continue
		}
		if err := r.Policy.validate(); err != nil {
			return fmt.Errorf("rule %s: %w", r.Name, err)
		}
	}
	return nil
}

func (p Policy) validate() error {
	switch {
	case p.Scheduler != "" && p.Scheduler != WRR && p.Scheduler != RR:
		return fmt.Errorf("Scheduler %q is not wrr or rr", p.Scheduler)
	case p.HealthCheck.Type != "" && p.HealthCheck.Type != CheckHTTP && p.HealthCheck.Type != CheckTCP:
		return fmt.Errorf("HealthCheck.Type %q is not http or tcp", p.HealthCheck.Type)
	}
	return nil
}

// known demands that a group is among those given; none at all is fine.
func known(groups map[string]Group, id string) error {
	if _, ok := groups[id]; !ok && id != "" {
		return fmt.Errorf("%q is not among the groups", id)
	}
	return nil
}

func (g Group) validate() error {
	seen := map[memberKey]bool{}
	for _, m := range g.Members {
		switch {
		case !m.IP.IsValid():
			return fmt.Errorf("member %s: IP is missing", m.ServerID)
		case m.Port < 1 || m.Port > 65535:
			return fmt.Errorf("member %s: Port must be 1 to 65535", m.ServerID)
		case m.Weight < 0 || m.Weight > 100:
			return fmt.Errorf("member %s: Weight must be 0 to 100", m.ServerID)
		case seen[keyOf(m)]:
			return fmt.Errorf("member %s: %s is there twice", m.ServerID, m.endpoint())
		}
		seen[keyOf(m)] = true
	}
	return nil
}
