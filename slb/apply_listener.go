package slb

import (
	"context"
	"slices"
)

// actions of listeners have their protocol in their names.
var actionName = map[Protocol]string{HTTP: "HTTP", HTTPS: "HTTPS", TCP: "TCP"}

// settings are the parameters of a listener, for making and for changing it.
func (r *run) settings(l Listener) (params, error) {
	p := listenerParams(r.now.Instance.ID, l.Endpoint())
	delete(p, "ListenerProtocol")
	p["Bandwidth"] = "-1" // not limited
	p["Scheduler"] = wrr
	p["Description"] = r.owner.ownerTag()
	group, err := r.target(l.Group)
	if err != nil {
		return nil, err
	}
	p["VServerGroupId"] = group
	if l.Protocol == TCP {
		p.check(l.Checked)
		return p.integer("EstablishedTimeout", l.EstablishedTimeout), nil
	}
	p["HealthCheck"], p["StickySession"] = off, off
	p["XForwardedFor"], p["XForwardedFor_proto"] = on, on
	p.toggle("Gzip", l.Gzip).integer("IdleTimeout", l.IdleTimeout).integer("RequestTimeout", l.RequestTimeout)
	if l.Protocol == HTTP {
		return p, nil
	}
	certificate := r.now.certificate(l.Certificate)
	if certificate == "" {
		return nil, blocked(CertificateObject(l.Certificate))
	}
	p["ServerCertificateId"], p["EnableHttp2"] = certificate, on
	return p.text("TLSCipherPolicy", l.TLSCipherPolicy), nil
}

// creation adds to the settings what can be given at creation only.
func (r *run) creation(l Listener) (params, error) {
	p, err := r.settings(l)
	if err != nil {
		return nil, err
	}
	p.checkOnCreation()
	return p.tags(map[string]string{tagOwner: r.owner.ownerTag()}), nil
}

func (r *run) createListener(ctx context.Context, l Listener) error {
	p, err := r.creation(l)
	if err != nil {
		return err
	}
	r.touched.listeners = true
	r.touched.rules[l.Endpoint()] = l.Endpoint().layer7()
	if err := r.call(ctx, "CreateLoadBalancer"+actionName[l.Protocol]+"Listener", p, nil); err != nil && !exists(err) {
		return err
	}
	if r.now.listener(l.Endpoint()) == nil {
		r.now.Listeners = append(r.now.Listeners, ActualListener{
			Protocol: l.Protocol, Port: l.Port, Owned: true, Status: statusStopped, GroupID: p["VServerGroupId"],
			CertificateID: p["ServerCertificateId"],
		})
	}
	return nil
}

func (r *run) setListener(ctx context.Context, l Listener) error {
	is := r.now.listener(l.Endpoint())
	if is == nil {
		return blocked(ListenerObject(l.Endpoint()))
	}
	p, err := r.settings(l)
	if err != nil {
		return err
	}
	r.touched.listeners = true
	p["VServerGroup"] = on
	if err := r.call(ctx, "SetLoadBalancer"+actionName[l.Protocol]+"ListenerAttribute", p, nil); err != nil {
		return err
	}
	is.GroupID, is.CertificateID = p["VServerGroupId"], p["ServerCertificateId"]
	return nil
}

func (r *run) startListener(ctx context.Context, e Endpoint) error {
	is := r.now.listener(e)
	if is == nil {
		return blocked(ListenerObject(e))
	}
	r.touched.listeners = true
	if err := r.call(ctx, "StartLoadBalancerListener", listenerParams(r.now.Instance.ID, e), nil); err != nil {
		return err
	}
	is.Status = statusRunning
	return nil
}

func (r *run) activate(ctx context.Context, id string) error {
	r.touched.listeners = true
	return r.call(ctx, "SetLoadBalancerStatus", params{"LoadBalancerId": id, "LoadBalancerStatus": statusActive}, nil)
}

// deleteListener deletes a listener. One that makes place for another stays as
// long as that one lacks something.
func (r *run) deleteListener(ctx context.Context, s DeleteListener) error {
	if s.For != nil {
		if _, err := r.creation(*s.For); err != nil {
			return err
		}
	}
	r.touched.listeners = true
	if err := deleted(r.call(ctx, "DeleteLoadBalancerListener", listenerParams(r.now.Instance.ID, s.Endpoint), nil)); err != nil {
		return err
	}
	r.now.Listeners = slices.DeleteFunc(r.now.Listeners, func(l ActualListener) bool { return l.Endpoint() == s.Endpoint })
	return nil
}
