package slb

import (
	"fmt"
	"slices"
)

// extension is a domain extension: a further certificate of an HTTPS listener,
// chosen by the name that the client asks for.
type extension struct {
	id          string
	domain      string
	certificate string
}

type extensionView struct {
	DomainExtensionId   string
	Domain              string
	ServerCertificateId string
}

type extensionViews struct{ DomainExtension []extensionView }

func (x extension) view() extensionView {
	return extensionView{x.id, x.domain, x.certificate}
}

func (l *listener) extensionViews() extensionViews {
	views := make([]extensionView, 0, len(l.extensions))
	for _, x := range l.extensions {
		views = append(views, x.view())
	}
	return extensionViews{views}
}

// createExtension is CreateDomainExtension
// (https://www.alibabacloud.com/help/en/slb/classic-load-balancer/developer-reference/api-slb-2014-05-15-createdomainextension).
type createExtension struct {
	portRef
	Domain              string `rpc:",required"`
	ServerCertificateId string `rpc:",required"`
}

func (r *createExtension) scope(*state) scope {
	return scope{key: r.LoadBalancerId, kind: onExtension, object: fmt.Sprint(r.ListenerPort)}
}

type createExtensionAnswer struct {
	DomainExtensionId string
	ListenerPort      int
}

func (r *createExtension) change(s *state, w *world) (any, error) {
	_, l, err := s.editListener(r.LoadBalancerId, r.ListenerPort, protocolHTTPS)
	if err != nil {
		return nil, err
	}
	if !ruleDomain.MatchString(r.Domain) {
		return nil, refuse("DomainMalformed", "The domain %q has other characters than letters, digits, - and ., or a * that is not a leading label.", r.Domain)
	}
	if _, err := s.certificate(r.ServerCertificateId); err != nil {
		return nil, err
	}
	if slices.ContainsFunc(l.extensions, func(x extension) bool { return x.domain == r.Domain }) {
		return nil, refuse("DomainExist", "The listener has a domain extension for %s already.", r.Domain)
	}
	if len(l.extensions) >= w.quotas.DomainExtensions {
		return nil, refuse("OverQuota", "The listener has %d domain extensions, which is the quota.", len(l.extensions))
	}
	x := extension{w.newID("de-"), r.Domain, r.ServerCertificateId}
	l.extensions = append(l.extensions, x)
	return createExtensionAnswer{x.id, l.port}, nil
}

func (s *state) findExtension(id string) (lb *loadBalancer, l *listener, index int, err error) {
	for _, lb := range s.balancers {
		for _, l := range lb.listeners {
			if i := slices.IndexFunc(l.extensions, func(x extension) bool { return x.id == id }); i >= 0 {
				return lb, l, i, nil
			}
		}
	}
	return nil, nil, 0, extensionNotFound(id)
}

// extensionRef is the parameter of actions on one domain extension.
type extensionRef struct {
	DomainExtensionId string `rpc:",required"`
}

func (r *extensionRef) scope(s *state) scope {
	lb, l, _, err := s.findExtension(r.DomainExtensionId)
	if err != nil {
		return scope{}
	}
	return scope{key: lb.id, kind: onExtension, object: fmt.Sprint(l.port)}
}

func (r *extensionRef) edit(s *state) (*listener, int, error) {
	lb, on, i, err := s.findExtension(r.DomainExtensionId)
	if err != nil {
		return nil, 0, err
	}
	_, l, err := s.editListener(lb.id, on.port, on.protocol)
	return l, i, err
}

// setExtension is SetDomainExtensionAttribute: another certificate.
type setExtension struct {
	extensionRef
	ServerCertificateId string `rpc:",required"`
}

func (r *setExtension) change(s *state, _ *world) (any, error) {
	l, i, err := r.edit(s)
	if err != nil {
		return nil, err
	}
	l.extensions[i].certificate = r.ServerCertificateId
	_, err = s.certificate(r.ServerCertificateId)
	return nil, err
}

// deleteExtension is DeleteDomainExtension.
type deleteExtension struct{ extensionRef }

func (r *deleteExtension) change(s *state, _ *world) (any, error) {
	l, i, err := r.edit(s)
	if err != nil {
		return nil, err
	}
	l.extensions = slices.Delete(l.extensions, i, i+1)
	return nil, nil
}

// listExtensions is DescribeDomainExtensions.
type listExtensions struct {
	portRef
	DomainExtensionId string
}

func (r *listExtensions) answer(s *state, _ *world) (any, error) {
	l, err := s.listener(r.LoadBalancerId, r.ListenerPort, protocolHTTPS)
	if err != nil {
		return nil, err
	}
	views := l.extensionViews()
	if r.DomainExtensionId != "" {
		views.DomainExtension = slices.DeleteFunc(views.DomainExtension, func(v extensionView) bool {
			return v.DomainExtensionId != r.DomainExtensionId
		})
	}
	return struct{ DomainExtensions extensionViews }{views}, nil
}

// describeExtension is DescribeDomainExtensionAttribute.
type describeExtension struct{ extensionRef }

func (r *describeExtension) answer(s *state, _ *world) (any, error) {
	lb, l, i, err := s.findExtension(r.DomainExtensionId)
	if err != nil {
		return nil, err
	}
	return struct {
		LoadBalancerId string
		ListenerPort   int
		extensionView
	}{lb.id, l.port, l.extensions[i].view()}, nil
}
