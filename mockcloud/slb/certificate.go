package slb

import (
	"slices"
	"time"
)

// certificate is a server certificate with its key. Certificates belong to the
// region, not to a load balancer.
type certificate struct {
	id            string
	serial        uint64
	created       time.Time
	name          string
	resourceGroup string
	pair          keyPair
	tags          tags
}

func (c *certificate) order() uint64 { return c.serial }

func (s *state) certificate(id string) (*certificate, error) {
	if c, ok := s.certificates[id]; ok {
		return c, nil
	}
	return nil, certificateNotFound(id)
}

// uploadCertificate is UploadServerCertificate
// (https://www.alibabacloud.com/help/en/slb/classic-load-balancer/developer-reference/api-slb-2014-05-15-uploadservercertificate).
type uploadCertificate struct {
	ServerCertificate     string `rpc:",required"`
	PrivateKey            string `rpc:",required,secret"`
	ServerCertificateName *string
	ResourceGroupId       string
	Tag                   []tag
}

func (r *uploadCertificate) scope(*state) scope { return scope{} }

func (r *uploadCertificate) change(s *state, w *world) (any, error) {
	if len(s.certificates) >= w.quotas.ServerCertificates {
		return nil, refuse("OverQuota", "There are %d server certificates, which is the quota.", len(s.certificates))
	}
	pair, err := parsePair(r.ServerCertificate, r.PrivateKey)
	if err != nil {
		return nil, err
	}
	c := &certificate{created: w.now, name: "auto_named_certificate", resourceGroup: r.ResourceGroupId, pair: pair}
	if r.ServerCertificateName != nil {
		c.name = *r.ServerCertificateName
	}
	if err := length("ServerCertificateName", &c.name, 1, 80); err != nil {
		return nil, err
	}
	if c.tags, err = c.tags.with(r.Tag, tagsPerResource); err != nil {
		return nil, err
	}
	c.id, c.serial = w.newID("cert-"), s.nextSerial()
	s.certificates[c.id] = c
	return c.view(w.region), nil
}

// certificateRef is the parameter of actions on one certificate.
type certificateRef struct {
	ServerCertificateId string `rpc:",required"`
}

func (r *certificateRef) scope(*state) scope { return scope{} }

// renameCertificate is SetServerCertificateName.
type renameCertificate struct {
	certificateRef
	ServerCertificateName string `rpc:",required"`
}

func (r *renameCertificate) change(s *state, _ *world) (any, error) {
	c, err := s.certificate(r.ServerCertificateId)
	if err != nil {
		return nil, err
	}
	next := *c
	next.name = r.ServerCertificateName
	s.certificates[c.id] = &next
	return nil, length("ServerCertificateName", &next.name, 1, 80)
}

// deleteCertificate is DeleteServerCertificate, refused while a listener or a
// domain extension has it, and while the load balancer is still configuring
// that it has it no longer: the end of a binding takes time to propagate
// (https://github.com/aliyun/terraform-provider-alicloud,
// resource_alicloud_slb_server_certificate.go waits for it).
type deleteCertificate struct{ certificateRef }

func (r *deleteCertificate) change(s *state, w *world) (any, error) {
	if _, err := s.certificate(r.ServerCertificateId); err != nil {
		return nil, err
	}
	if s.uses(r.ServerCertificateId) || w.now.Before(s.released[r.ServerCertificateId]) {
		return nil, refuse("CertificateAndPrivateKeyIsRefered", "The certificate %s is used by a listener.", r.ServerCertificateId)
	}
	delete(s.certificates, r.ServerCertificateId)
	return nil, nil
}

// uses reports whether a listener has a certificate.
func (s *state) uses(certificate string) bool {
	for _, lb := range s.balancers {
		if slices.ContainsFunc(lb.listeners, func(l *listener) bool { return l.uses(certificate) }) {
			return true
		}
	}
	return false
}

// release notes until when the certificates count as used that a write has
// freed.
func (s *state) release(before *state, until time.Time) {
	for id := range s.certificates {
		if before.uses(id) && !s.uses(id) {
			s.released[id] = until
		}
	}
}

// listCertificates is DescribeServerCertificates; it has no pages.
type listCertificates struct {
	ServerCertificateId string
	ResourceGroupId     string
	Tag                 []tag
}

func (r *listCertificates) answer(s *state, w *world) (any, error) {
	views := []certificateView{}
	for _, c := range sorted(s.certificates) {
		if (r.ServerCertificateId == "" || r.ServerCertificateId == c.id) &&
			(r.ResourceGroupId == "" || r.ResourceGroupId == c.resourceGroup) && c.tags.hasAll(r.Tag) {
			views = append(views, c.view(w.region))
		}
	}
	if r.ServerCertificateId != "" && len(views) == 0 && len(r.Tag) == 0 {
		return nil, certificateNotFound(r.ServerCertificateId)
	}
	var a struct {
		ServerCertificates struct{ ServerCertificate []certificateView }
	}
	a.ServerCertificates.ServerCertificate = views
	return a, nil
}

// certificateView is a certificate in answers.
type certificateView struct {
	ServerCertificateId     string
	ServerCertificateName   string
	Fingerprint             string
	CommonName              string
	SubjectAlternativeNames struct{ SubjectAlternativeName []string }
	EncryptionAlgorithm     string
	EncryptionKeyLength     int
	CreateTime              string
	CreateTimeStamp         int64 // milliseconds
	ExpireTime              string
	ExpireTimeStamp         int64 // milliseconds
	RegionId                string
	RegionIdAlias           string
	ResourceGroupId         string
	IsAliCloudCertificate   int
	Tags                    tagViews
}

func (c *certificate) view(region string) certificateView {
	leaf := c.pair.leaf
	v := certificateView{
		ServerCertificateId: c.id, ServerCertificateName: c.name, Fingerprint: c.pair.fingerprint(),
		CommonName: leaf.Subject.CommonName, EncryptionAlgorithm: c.pair.algorithm, EncryptionKeyLength: c.pair.bits,
		CreateTime: timestamp(c.created), CreateTimeStamp: c.created.UnixMilli(),
		ExpireTime: timestamp(leaf.NotAfter), ExpireTimeStamp: leaf.NotAfter.UnixMilli(),
		RegionId: region, RegionIdAlias: region, ResourceGroupId: c.resourceGroup, Tags: c.tags.view(),
	}
	v.SubjectAlternativeNames.SubjectAlternativeName = append([]string{}, leaf.DNSNames...)
	return v
}
