package slb

import "slices"

// extensions makes the server names that a listener lacks and changes the
// certificates of others.
func (b *builder) extensions(w *wishedListener) {
	have := b.rulesNow(w)
	var create []Step
	for _, e := range w.Extensions {
		is := have.extension(e.Domain)
		certificate := b.have.certificate(e.Certificate)
		switch {
		case is == nil:
			create = append(create, CreateExtension{w.Port, e})
		case certificate == "" || is.CertificateID != certificate:
			b.add(SetExtension{w.Port, is.ID, e})
		}
	}
	excess := len(have.Extensions) + len(create) - b.Limits.ExtensionsPerListener
	for i := range have.Extensions {
		if e := &have.Extensions[i]; excess > 0 && b.unwantedExtension(have, e) {
			b.deleteExtension(have, e)
			excess--
		}
	}
	b.add(create...)
}

func (b *builder) deleteExtension(l *ActualListener, e *ActualExtension) {
	b.add(DeleteExtension{Port: l.Port, ID: e.ID, Domain: e.Domain})
	b.markGone(e.ID)
}

// unwantedExtension reports whether a server name shows an own certificate and
// is to be deleted.
func (b *builder) unwantedExtension(l *ActualListener, e *ActualExtension) bool {
	if !l.Owned || !b.want.ownCertificates[e.CertificateID] || b.gone[e.ID] || b.deletes(l) {
		return false
	}
	w := b.wished(l.Endpoint())
	if w == nil {
		return !b.claimed(l.Port)
	}
	return !w.refusedExtensions[e.Domain] && !wants(w, e)
}

func wants(w *wishedListener, e *ActualExtension) bool {
	return slices.ContainsFunc(w.Extensions, func(want Extension) bool { return want.Domain == e.Domain })
}

func (b *builder) deleteExtensions() {
	for i := range b.have.Listeners {
		l := &b.have.Listeners[i]
		for j := range l.Extensions {
			if e := &l.Extensions[j]; b.unwantedExtension(l, e) {
				b.deleteExtension(l, e)
			}
		}
	}
}

// deleteCertificates deletes own certificates that are not wanted and that
// nothing shows when the plan is done. Of two copies, which a lost answer
// leaves behind, the second goes.
func (b *builder) deleteCertificates() {
	used := b.usedCertificates()
	for _, c := range b.have.Certificates {
		if used[c.ID] || b.want.certs[c.Fingerprint] && b.have.certificate(c.Fingerprint) == c.ID {
			continue
		}
		b.add(DeleteCertificate(c))
	}
}

func (b *builder) usedCertificates() map[string]bool {
	used := map[string]bool{}
	for i := range b.have.Listeners {
		l := &b.have.Listeners[i]
		w := b.wished(l.Endpoint())
		if b.deletes(l) {
			continue
		}
		if w == nil || w.held {
			used[l.CertificateID] = true
		}
		for j := range l.Extensions {
			e := &l.Extensions[j]
			if !b.gone[e.ID] && (w == nil || !wants(w, e)) {
				used[e.CertificateID] = true
			}
		}
	}
	return used
}
