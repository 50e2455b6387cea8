package slb

import (
	"context"
	"slices"
	"strconv"
)

func (r *run) uploadCertificate(ctx context.Context, s UploadCertificate) error {
	c := r.want.certificates[s.Fingerprint]
	r.touched.certificates = true
	tags := r.owner.tags()
	tags[tagFingerprint] = s.Fingerprint
	p := params{
		"ServerCertificate": c.chain(), "PrivateKey": string(c.Key),
		"ServerCertificateName": r.owner.certificateName(s.Fingerprint),
	}.tags(tags)
	var answer struct{ ServerCertificateID string }
	if err := r.once(ctx, "UploadServerCertificate", p, &answer); err != nil {
		return err
	}
	r.now.Certificates = append(r.now.Certificates, ActualCertificate{ID: answer.ServerCertificateID, Fingerprint: s.Fingerprint})
	return nil
}

// deleteCertificate deletes a certificate, unless something still shows it
// because it could not be changed.
func (r *run) deleteCertificate(ctx context.Context, s DeleteCertificate) error {
	for i := range r.now.Listeners {
		l := &r.now.Listeners[i]
		if l.CertificateID == s.ID {
			return blocked(ListenerObject(l.Endpoint()))
		}
		for _, e := range l.Extensions {
			if e.CertificateID == s.ID {
				return blocked(ExtensionObject(l.Port, e.Domain))
			}
		}
	}
	r.touched.certificates = true
	if err := deleted(r.call(ctx, "DeleteServerCertificate", params{"ServerCertificateId": s.ID}, nil)); err != nil {
		return err
	}
	r.now.Certificates = slices.DeleteFunc(r.now.Certificates, func(c ActualCertificate) bool { return c.ID == s.ID })
	return nil
}

func (r *run) createExtension(ctx context.Context, s CreateExtension) error {
	e := Endpoint{HTTPS, s.Port}
	l := r.now.listener(e)
	if l == nil {
		return blocked(ListenerObject(e))
	}
	certificate := r.now.certificate(s.Extension.Certificate)
	if certificate == "" {
		return blocked(CertificateObject(s.Extension.Certificate))
	}
	r.touched.extensions[e] = true
	p := params{
		"LoadBalancerId": r.now.Instance.ID, "ListenerPort": strconv.Itoa(s.Port),
		"Domain": s.Extension.Domain, "ServerCertificateId": certificate,
	}
	var answer struct{ DomainExtensionID string }
	if err := r.call(ctx, "CreateDomainExtension", p, &answer); err != nil {
		return err
	}
	l.Extensions = append(l.Extensions, ActualExtension{ID: answer.DomainExtensionID, Domain: s.Extension.Domain, CertificateID: certificate})
	return nil
}

func (r *run) setExtension(ctx context.Context, s SetExtension) error {
	certificate := r.now.certificate(s.Extension.Certificate)
	if certificate == "" {
		return blocked(CertificateObject(s.Extension.Certificate))
	}
	e := Endpoint{HTTPS, s.Port}
	r.touched.extensions[e] = true
	p := params{"DomainExtensionId": s.ID, "ServerCertificateId": certificate}
	if err := r.call(ctx, "SetDomainExtensionAttribute", p, nil); err != nil {
		return err
	}
	if l := r.now.listener(e); l != nil {
		if is := l.extension(s.Extension.Domain); is != nil {
			is.CertificateID = certificate
		}
	}
	return nil
}

func (r *run) deleteExtension(ctx context.Context, s DeleteExtension) error {
	e := Endpoint{HTTPS, s.Port}
	r.touched.extensions[e] = true
	if err := deleted(r.call(ctx, "DeleteDomainExtension", params{"DomainExtensionId": s.ID}, nil)); err != nil {
		return err
	}
	if l := r.now.listener(e); l != nil {
		l.Extensions = slices.DeleteFunc(l.Extensions, func(is ActualExtension) bool { return is.ID == s.ID })
	}
	return nil
}
