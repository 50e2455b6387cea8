package slb

import "strings"

// request is what a client asks a load balancer for.
type request struct {
	port       int
	host, path string
}

// serves tells whether a request reaches a member, by the documented matching
// (https://www.alibabacloud.com/help/doc-detail/85955.html).
func (f *fakeCloud) serves(q request) bool {
	for e, l := range f.listeners {
		if e.Port != q.port || l.status != statusRunning {
			continue
		}
		group, ok := l.route(q)
		return ok && f.alive(group)
	}
	return false
}

func (f *fakeCloud) alive(id string) bool {
	g := f.groups[id]
	return g != nil && (&ActualGroup{Members: g.members}).serving()
}

// route finds the group of a request; false is 404.
func (l *fakeListener) route(q request) (string, bool) {
	if domain, ok := l.domain(q.host); ok {
		return l.prefix(domain, q.path)
	}
	if group, ok := l.prefix("", q.path); ok {
		return group, true
	}
	return l.settings["VServerGroupId"], true
}

// domain is the most specific one of the rules that matches a host.
func (l *fakeListener) domain(host string) (best string, found bool) {
	for _, r := range l.rules {
		if r.Domain == host {
			return host, true
		}
		suffix, wild := strings.CutPrefix(r.Domain, "*")
		if wild && strings.HasSuffix(host, suffix) && len(r.Domain) > len(best) {
			best, found = r.Domain, true
		}
	}
	return best, found
}

// prefix is the group of the longest matching URL among a domain's rules.
func (l *fakeListener) prefix(domain, path string) (group string, found bool) {
	best := -1
	for _, r := range l.rules {
		if r.Domain == domain && strings.HasPrefix(path, r.URL) && len(r.URL) > best {
			group, best, found = r.VServerGroupID, len(r.URL), true
		}
	}
	return group, found
}
