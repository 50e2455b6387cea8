package gateway

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	corev1 "k8s.io/api/core/v1"
	"knative.dev/networking/pkg/apis/networking/v1alpha1"

	"github.com/ebb-node/ebb/slb"
)

// secureIngress has one host on the internet with the certificate of a Secret.
func secureIngress(name string, age int, secret string) *v1alpha1.Ingress {
	ing := aged(name, age)
	ing.Spec.TLS = []v1alpha1.IngressTLS{{Hosts: ing.Spec.Rules[0].Hosts, SecretName: secret, SecretNamespace: "default"}}
	return ing
}

func valid(t testing.TB, name string, names ...string) *corev1.Secret {
	return tlsSecret(t, name, time.Now().AddDate(1, 0, 0), names...)
}

// shownOn is which Secret's certificate the HTTPS listener shows for what.
func (s *scene) shownOn(name string, secrets ...*corev1.Secret) string {
	s.Helper()
	names := map[string]string{}
	actual := s.actual(name)
	for _, secret := range secrets {
		c, err := readCertificate(secret)
		if err != nil {
			s.Fatal(err)
		}
		for _, known := range actual.Certificates {
			if known.Fingerprint == c.fingerprint {
				names[known.ID] = secret.Name
			}
		}
	}
	var out []string
	for _, l := range actual.Listeners {
		if l.Protocol != slb.HTTPS {
			continue
		}
		out = append(out, "default="+names[l.CertificateID])
		for _, e := range l.Extensions {
			out = append(out, e.Domain+"="+names[e.CertificateID])
		}
	}
	slices.Sort(out)
	return strings.Join(out, " ")
}

func (s *scene) shows(want string, secrets ...*corev1.Secret) {
	s.Helper()
	s.eventually("certificates", func() (string, string) { return s.shownOn("internet", secrets...), want })
}

func TestCertificates(t *testing.T) {
	s := newScene(t, func(s *scene) { s.config.SecretInterval = 50 * time.Millisecond }).start()
	s.revision("a-1", 0, 1)
	one, two := valid(t, "one", "one.default.example.com"), valid(t, "two", "two.default.example.com")
	wild := valid(t, "wild", "*.default.example.com")
	s.apply(one, two, wild)
	s.apply(secureIngress("one", 0, "one"), secureIngress("two", 1, "two"), secureIngress("w1", 2, "wild"), secureIngress("w2", 3, "wild"), aged("plain", 4))
	s.ready("one", "two", "w1", "w2", "plain")
	// A wildcard would save nothing here: the other hosts would need names of
	// their own below it.
	s.shows("default=one two.default.example.com=two w1.default.example.com=wild w2.default.example.com=wild", one, two, wild)
	pod := enis(0, 1, 100)
	s.looks("internet",
		"http one.default.example.com -> "+pod, "https one.default.example.com -> "+pod,
		"http two.default.example.com -> "+pod, "https two.default.example.com -> "+pod,
		"http w1.default.example.com -> "+pod, "https w1.default.example.com -> "+pod,
		"http w2.default.example.com -> "+pod, "https w2.default.example.com -> "+pod,
		"http plain.default.example.com -> "+pod)

	// A renewal that fails harms nobody, not even over a restart.
	renewed := valid(t, "two", "two.default.example.com")
	bad := renewed.DeepCopy()
	bad.Data[corev1.TLSPrivateKeyKey] = one.Data[corev1.TLSPrivateKeyKey]
	s.apply(bad)
	if m := s.condition("two", v1alpha1.IngressConditionNetworkConfigured, "False "+ReasonCertificateInvalid); !strings.Contains(m, "default/two") {
		t.Errorf("%q does not name the Secret", m)
	}
	s.toldOf(ReasonCertificateInvalid, "two")
	s.again()
	s.stated("internet")
	s.shows("default=one two.default.example.com=two w1.default.example.com=wild w2.default.example.com=wild", one, two, wild)
	if n, by := s.writes(); n != 0 {
		t.Errorf("%d writes: %v", n, by)
	}

	// One that does not is shown, and the old one is deleted.
	s.apply(renewed.DeepCopy())
	s.ready("two")
	s.shows("default=one two.default.example.com=two w1.default.example.com=wild w2.default.example.com=wild", one, renewed, wild)
	s.eventually("the old one is deleted", func() (string, string) { return fmt.Sprint(len(s.actual("internet").Certificates)), "3" })

	// The next oldest takes over as default.
	s.remove(s.get("one"))
	s.shows("default=two w1.default.example.com=wild w2.default.example.com=wild", renewed, wild)
	for _, name := range []string{"two", "w1", "w2"} {
		s.remove(s.get(name))
	}
	s.shows("")
	s.ready("plain")
	s.keys("")
	for _, secret := range []*corev1.Secret{one, two, wild, renewed} {
		key := string(secret.Data[corev1.TLSPrivateKeyKey])[40:80]
		if strings.Contains(s.log.String(), key) || strings.Contains(s.events.String(), key) {
			t.Error("a private key is told")
		}
	}
}

func TestAWildcardForManyHosts(t *testing.T) {
	s := newScene(t).start()
	s.revision("a-1", 0, 1)
	one, wild := valid(t, "one", "one.com"), valid(t, "wild", "*.default.example.com")
	s.apply(one, wild)
	first := secureIngress("one", 0, "one")
	first.Spec.Rules[0].Hosts, first.Spec.TLS[0].Hosts = []string{"one.com"}, []string{"one.com"}
	s.apply(first)
	names := []string{"one"}
	for i := range 6 {
		name := fmt.Sprint("w", i)
		names = append(names, name)
		s.apply(secureIngress(name, i+1, "wild"))
	}
	s.ready(names...)
	s.shows("*.default.example.com=wild default=one", one, wild)
}

func TestCertificatesThatAUserShouldKnowOf(t *testing.T) {
	s := newScene(t, func(s *scene) { s.config.SecretInterval = 50 * time.Millisecond }).start()
	s.revision("a-1", 0, 1)
	s.apply(tlsSecret(t, "ending", time.Now().AddDate(0, 0, 13), "ending.default.example.com"),
		valid(t, "other", "another.com"), tlsSecret(t, "expired", time.Now().Add(-time.Minute), "expired.default.example.com"))
	s.apply(secureIngress("ending", 0, "ending"), secureIngress("other", 1, "other"), secureIngress("expired", 2, "expired"), secureIngress("missing", 3, "missing"))
	s.ready("ending", "other")
	s.toldOf(ReasonCertificateExpires, "ending")
	s.toldOf(ReasonHostNotCovered, "other")
	s.condition("expired", v1alpha1.IngressConditionNetworkConfigured, "False "+ReasonCertificateInvalid)
	s.condition("missing", v1alpha1.IngressConditionNetworkConfigured, "False "+ReasonCertificateInvalid)
	// Plain HTTP works all the same.
	s.eventually("hosts", func() (string, string) {
		return fmt.Sprint(strings.Contains(picture(s.actual("internet")), "http missing.default.example.com")), "true"
	})
	s.apply(valid(t, "missing", "missing.default.example.com"))
	s.ready("missing")
}

// keys waits for what is known of Secrets.
func (s *scene) keys(want string) {
	s.Helper()
	s.eventually("Secrets in memory", func() (string, string) {
		s.secrets.mu.Lock()
		defer s.secrets.mu.Unlock()
		var names []string
		for name := range s.secrets.entries {
			names = append(names, name.Name)
		}
		slices.Sort(names)
		return strings.Join(names, " "), want
	})
}

func TestKeysGoWhenAnIngressNamesAnotherSecret(t *testing.T) {
	s := newScene(t).start()
	s.revision("a-1", 0, 1)
	s.apply(valid(t, "one", "*.default.example.com"), valid(t, "two", "*.default.example.com"))
	s.apply(secureIngress("a", 0, "one"), secureIngress("b", 1, "one"))
	s.ready("a", "b")
	s.change("a", func(ing *v1alpha1.Ingress) { ing.Spec.TLS[0].SecretName = "two" })
	s.ready("a")
	s.keys("one two")
	s.change("b", func(ing *v1alpha1.Ingress) { ing.Spec.TLS[0].SecretName = "two" })
	s.ready("b")
	s.keys("two")
}

func TestRedirectsComeFromTheRelay(t *testing.T) {
	s := newScene(t).start()
	s.revision("a-1", 0, 1)
	s.apply(valid(t, "one", "a.default.example.com"))
	ing := secureIngress("a", 0, "one")
	ing.Spec.HTTPOption = v1alpha1.HTTPOptionRedirected
	s.apply(ing)
	s.ready("a")
	s.looks("internet", "http a.default.example.com -> eni-relay1:9000=100", "https a.default.example.com -> "+enis(0, 1, 100))
}

func TestConfiguredDefaultCertificate(t *testing.T) {
	standard := valid(t, "standard", "*.example.com")
	s := newScene(t, func(s *scene) { s.config.DefaultCertificate = secretKey("standard") })
	one := valid(t, "one", "a.default.example.com")
	s.apply(standard, one)
	s.start()
	s.revision("a-1", 0, 1)
	s.apply(secureIngress("a", 0, "one"))
	s.ready("a")
	s.shows("a.default.example.com=one default=standard", one, standard)
}

// A default certificate that cannot be read at the start takes nothing away.
func TestABadDefaultCertificateTakesNoListener(t *testing.T) {
	standard := valid(t, "standard", "*.example.com")
	s := newScene(t, func(s *scene) {
		s.config.DefaultCertificate, s.config.SecretInterval = secretKey("standard"), 50*time.Millisecond
	})
	one := valid(t, "one", "a.default.example.com")
	s.apply(standard, one)
	s.start()
	s.revision("a-1", 0, 1)
	s.apply(secureIngress("a", 0, "one"))
	s.ready("a")
	s.shows("a.default.example.com=one default=standard", one, standard)
	s.settled("internet", "intranet")

	s.stop()
	s.remove(standard.DeepCopy())
	s.again()
	s.toldOf(ReasonCertificateInvalid, "ingress-gateway")
	s.stated("internet")
	s.shows("a.default.example.com=one default=standard", one, standard)
	if n, by := s.writes(); n != 0 {
		t.Errorf("%d writes: %v", n, by)
	}
	if !s.get("a").IsReady() {
		t.Error("the Ingress is no longer ready")
	}
	if n := strings.Count(s.events.String(), ReasonCertificateInvalid+" ingress-gateway:"); n != 1 {
		t.Errorf("told %d times", n)
	}
	// It is looked at again.
	renewed := valid(t, "standard", "*.example.com")
	s.apply(renewed)
	s.shows("a.default.example.com=one default=standard", one, renewed)
	s.settled("internet")
}
