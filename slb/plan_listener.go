package slb

// makeListener makes a listener that is not there, and starts one that is
// stopped. One that redirects cannot be changed in place
// (https://www.alibabacloud.com/help/en/slb/classic-load-balancer/developer-reference/api-slb-2014-05-15-setloadbalancerhttplistenerattribute).
func (b *builder) makeListener(w *wishedListener) {
	e := w.Endpoint()
	have := b.have.listener(e)
	switch {
	case w.held:
	case have == nil || have.Redirects:
		b.replace(w)
	case have.Status == statusStopped:
		b.add(StartListener{e})
	}
}

// activate puts the load balancer itself to work: it falls inactive when its
// last listener is deleted
// (https://www.alibabacloud.com/help/en/slb/classic-load-balancer/developer-reference/api-slb-2014-05-15-setloadbalancerstatus).
func (b *builder) activate() {
	for i := range b.want.listeners {
		if w := &b.want.listeners[i]; !w.held && b.have.Instance.Status == statusInactive {
			b.add(Activate{b.have.Instance.ID})
			return
		}
	}
}

// replace makes a listener after deleting what is on its port.
func (b *builder) replace(w *wishedListener) {
	e, l := w.Endpoint(), bare(w.Listener)
	for i := range b.have.Listeners {
		if old := &b.have.Listeners[i]; old.Port == e.Port && old.Owned && old.Protocol != "udp" {
			b.add(DeleteListener{old.Endpoint(), &l})
			b.markAnew(old.Endpoint())
		}
	}
	b.markAnew(e)
	b.add(CreateListener{l}, StartListener{e})
}

func (b *builder) markAnew(e Endpoint) {
	if b.anew == nil {
		b.anew = map[Endpoint]bool{}
	}
	b.anew[e] = true
}

// bare is a listener without what is programmed apart.
func bare(l Listener) Listener {
	l.Rules, l.Extensions = nil, nil
	return l
}

// setListener brings the settings of a listener in line, after rules are made
// for hosts that its own group answers for.
func (b *builder) setListener(w *wishedListener, wave int) {
	have := b.have.listener(w.Endpoint())
	if have != nil && !w.held && !b.anew[w.Endpoint()] && max(b.members[w.Group].wave, w.filled) == wave && b.differs(w, have) {
		b.add(SetListener{bare(w.Listener)})
	}
}

// differs reports whether a setting is not as desired. What the API does not
// tell is taken to be right, else it would be set for ever.
func (b *builder) differs(w *wishedListener, have *ActualListener) bool {
	group := b.have.group(w.Group)
	if group == nil || group.ID != have.GroupID {
		return true
	}
	if have.Sticky || have.HealthCheck != w.Checked || w.Checked && have.Check.differs() || other(have.Scheduler, wrr) {
		return true
	}
	if w.Protocol == TCP {
		return otherNumber(have.EstablishedTimeout, w.EstablishedTimeout)
	}
	if otherNumber(have.IdleTimeout, w.IdleTimeout) || otherNumber(have.RequestTimeout, w.RequestTimeout) ||
		other(have.Gzip, onOff(w.Gzip)) || other(have.ForwardedProto, on) {
		return true
	}
	if w.Protocol == HTTP {
		return false
	}
	certificate := b.have.certificate(w.Certificate)
	return certificate == "" || certificate != have.CertificateID ||
		other(have.HTTP2, on) || w.TLSCipherPolicy != "" && other(have.TLSCipherPolicy, w.TLSCipherPolicy)
}

func other(have, want string) bool { return have != "" && have != want }

func otherNumber(have, want int) bool { return have != 0 && want != 0 && have != want }

// deletes reports whether the plan deletes a listener that is there.
func (b *builder) deletes(l *ActualListener) bool {
	if b.anew[l.Endpoint()] {
		return true
	}
	if !l.Owned || l.Protocol == "udp" {
		return false
	}
	for i := range b.want.listeners {
		if b.want.listeners[i].Port == l.Port {
			return b.want.listeners[i].Protocol != l.Protocol
		}
	}
	return !b.claimed(l.Port)
}

// claimed reports whether a wish for a listener on a port was refused: then
// what is there stays.
func (b *builder) claimed(port int) bool {
	for _, p := range b.want.problems {
		for _, protocol := range []Protocol{HTTP, HTTPS, TCP} {
			if p.Object == ListenerObject(Endpoint{protocol, port}) {
				return true
			}
		}
	}
	return false
}

// deleteListeners deletes own listeners that are not wanted.
func (b *builder) deleteListeners() {
	for i := range b.have.Listeners {
		if l := &b.have.Listeners[i]; b.deletes(l) && !b.anew[l.Endpoint()] {
			b.add(DeleteListener{Endpoint: l.Endpoint()})
		}
	}
}
