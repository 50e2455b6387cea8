package slb

import (
	"fmt"
	"regexp"
)

// Forms of names
// (https://www.alibabacloud.com/help/en/slb/classic-load-balancer/developer-reference/api-slb-2014-05-15-createrules
// and ...-createvservergroup). Domains are taken in lower case only: what the
// service does with other letters is not documented.
var (
	domainForm = regexp.MustCompile(`^(\*\.)?[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*$`)
	urlForm    = regexp.MustCompile(`^/[A-Za-z0-9/.%?#&-]{1,79}$`)
	nameForm   = regexp.MustCompile(`^[A-Za-z0-9/._-]+$`)
)

// maxName is the longest name of a vServer group.
const maxName = 80

func invalid(field, format string, args ...any) error {
	return &InvalidError{Field: field, Why: fmt.Sprintf(format, args...)}
}

func (r Rule) check() error {
	switch {
	case r.Domain == "" && r.URL == "":
		return invalid("domain", "and url are both empty; a rule needs one of them")
	case r.Domain != "" && !domainForm.MatchString(r.Domain):
		return invalid("domain", "%q is not a host of lower-case letters, digits, - and ., or *. before one", r.Domain)
	case r.URL == "/":
		return invalid("url", "is /, which the service refuses; leave it empty for all paths")
	case r.URL != "" && !urlForm.MatchString(r.URL):
		return invalid("url", "%q must be / and then 1 to 79 letters, digits and -/.%%?#&", r.URL)
	}
	return nil
}

func (e Extension) check() error {
	if !domainForm.MatchString(e.Domain) {
		return invalid("domain", "%q is not a host of lower-case letters, digits, - and ., or *. before one", e.Domain)
	}
	return nil
}

func (o Owner) checkKey(key string) error {
	if !nameForm.MatchString(key) {
		return invalid("key", "%q must be letters, digits and -/._", key)
	}
	if most := maxName - len(o.mark()); len(key) > most {
		return invalid("key", "%q is longer than %d characters", key, most)
	}
	return nil
}

func (m Member) check() error {
	switch {
	case m.ServerID == "":
		return invalid("server id", "is empty")
	case m.IP == "":
		return invalid("IP", "is empty; a network interface needs it")
	case m.Weight < 0 || m.Weight > MaxWeight:
		return invalid("weight", "%d is not between 0 and %d", m.Weight, MaxWeight)
	case m.Description != "" && (len(m.Description) > maxName || !nameForm.MatchString(m.Description)):
		return invalid("description", "%q must be 1 to %d letters, digits and -/._", m.Description, maxName)
	}
	return checkPort(m.Port)
}

func checkPort(port int) error {
	if port < 1 || port > 65535 {
		return invalid("port", "%d is not between 1 and 65535", port)
	}
	return nil
}

// check looks at a listener's own fields; what it refers to is looked at where
// that is known.
func (l Listener) check() error {
	if l.Protocol != HTTP && l.Protocol != HTTPS && l.Protocol != TCP {
		return invalid("protocol", "%q is none of http, https, tcp", l.Protocol)
	}
	if l.Checked && l.Protocol != TCP {
		return invalid("checked", "is for TCP listeners only; checks of %s ones are requests, which count as traffic", l.Protocol)
	}
	for _, r := range []struct {
		name            string
		value, min, max int
		protocol        bool
	}{
		{"idle timeout", l.IdleTimeout, 1, 60, l.Endpoint().layer7()},
		{"request timeout", l.RequestTimeout, 1, 180, l.Endpoint().layer7()},
		{"established timeout", l.EstablishedTimeout, 10, 900, l.Protocol == TCP},
	} {
		if r.value == 0 {
			continue
		}
		if !r.protocol {
			return invalid(r.name, "is not a setting of %s listeners", l.Protocol)
		}
		if r.value < r.min || r.value > r.max {
			return invalid(r.name, "%d s is not between %d and %d", r.value, r.min, r.max)
		}
	}
	return checkPort(l.Port)
}
