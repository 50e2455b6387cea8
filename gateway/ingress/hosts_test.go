package ingress

import (
	"encoding/hex"
	"testing"

	"github.com/google/go-cmp/cmp"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/types"
	"k8s.io/apimachinery/pkg/util/intstr"
	"knative.dev/networking/pkg/apis/networking/v1alpha1"
	"knative.dev/networking/pkg/ingress"
)

// brief is what a test of hosts looks at: who is there, with which prefixes.
type brief struct {
	Key      Key
	Shared   bool
	Prefixes []string
}

func briefs(hosts []Host) []brief {
	var out []brief
	for _, h := range hosts {
		b := brief{Key: h.Key(), Shared: h.Shared}
		for _, p := range h.Paths {
			b.Prefixes = append(b.Prefixes, p.Prefix)
		}
		out = append(out, b)
	}
	return out
}

// TestIngressOfARoute is the whole translation of what Knative writes for a
// Service with two revisions.
func TestIngressOfARoute(t *testing.T) {
	route := v1alpha1.HTTPIngressPath{Splits: []v1alpha1.IngressBackendSplit{
		revision("coffee-v1", 70), revision("coffee-v2", 30), revision("coffee-v0", 0),
	}}
	ing := object("coffee",
		local([]string{"coffee.default", "coffee.default.svc", "coffee.default.svc.cluster.local"}, route),
		external("coffee.default.example.com", route))

	wanted := Host{
		Ingress: named("coffee"), Name: "coffee.default.example.com", Visibility: Internet, Hash: hashOf(ing),
		Paths: []Path{{Prefix: "/", Splits: []Split{
			{Service: named("coffee-v1"), Port: intstr.FromInt32(80), Percent: 70, AppendHeaders: map[string]string{
				"Knative-Serving-Revision": "coffee-v1", "Knative-Serving-Namespace": "default"}},
			{Service: named("coffee-v2"), Port: intstr.FromInt32(80), Percent: 30, AppendHeaders: map[string]string{
				"Knative-Serving-Revision": "coffee-v2", "Knative-Serving-Namespace": "default"}},
		}}},
	}
	hosts := read(t, ing)
	if len(hosts) != 4 {
		t.Fatalf("%d hosts, want 4", len(hosts))
	}
	if diff := cmp.Diff(wanted, hosts[3]); diff != "" {
		t.Error(diff)
	}
	for _, h := range hosts[:3] {
		if h.Visibility != Intranet {
			t.Errorf("%s is on the %s", h.Name, h.Visibility)
		}
	}
}

func TestHosts(t *testing.T) {
	tests := map[string]struct {
		rules []v1alpha1.IngressRule
		want  []brief
	}{
		"rules that name a host are joined, the longest prefix first": {
			[]v1alpha1.IngressRule{external("a.com", to("", "x")), external("b.com", to("/", "x")), external("a.com", to("/b", "y"), to("/bb", "z"))},
			[]brief{{Key{"a.com", Internet}, false, []string{"/bb", "/b", "/"}}, {Key{"b.com", Internet}, false, []string{"/"}}},
		},
		"of equal matches the first counts": {
			[]v1alpha1.IngressRule{external("a.com", to("", "x"), to("/", "y"))},
			[]brief{{Key{"a.com", Internet}, false, []string{"/"}}},
		},
		"the same name for both visibilities": {
			[]v1alpha1.IngressRule{external("a.com", to("", "x")), local([]string{"a.com"}, to("", "x"))},
			[]brief{{Key{"a.com", Internet}, false, []string{"/"}}, {Key{"a.com", Intranet}, false, []string{"/"}}},
		},
		"no visibility is the internet": {
			[]v1alpha1.IngressRule{rule("", []string{"a.com"}, to("", "x"))},
			[]brief{{Key{"a.com", Internet}, false, []string{"/"}}},
		},
		"lower case": {
			[]v1alpha1.IngressRule{external("A.Com", to("", "x"))},
			[]brief{{Key{"a.com", Internet}, false, []string{"/"}}},
		},
		"wildcard": {
			[]v1alpha1.IngressRule{external("*.a.com", to("", "x"))},
			[]brief{{Key{"*.a.com", Internet}, false, []string{"/"}}},
		},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			if diff := cmp.Diff(test.want, briefs(read(t, object("i", test.rules...)))); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestSingleSplitWithoutPercentGetsAll(t *testing.T) {
	path := v1alpha1.HTTPIngressPath{Splits: []v1alpha1.IngressBackendSplit{split("x", 0)}}
	if got := one(t, object("i", external("a.com", path))).Paths[0].Splits; len(got) != 1 || got[0].Percent != 100 {
		t.Errorf("splits %v", got)
	}
}

func TestHashIsWhatKnativeProbesFor(t *testing.T) {
	ing := object("i", external("a.com", to("", "x")))
	want, err := ingress.ComputeHash(ing)
	if err != nil {
		t.Fatal(err)
	}
	if got := one(t, ing).Hash; got != hex.EncodeToString(want[:]) {
		t.Errorf("hash %s", got)
	}
}

func TestRedirectNeedsInternetAndTLS(t *testing.T) {
	secret := types.NamespacedName{Namespace: "certs", Name: "a"}
	tls := []v1alpha1.IngressTLS{{Hosts: []string{"a.com"}, SecretNamespace: "certs", SecretName: "a"}}
	tests := map[string]struct {
		rule     v1alpha1.IngressRule
		option   v1alpha1.HTTPOption
		tls      []v1alpha1.IngressTLS
		redirect bool
		secret   types.NamespacedName
	}{
		"redirected":            {external("a.com", to("", "x")), v1alpha1.HTTPOptionRedirected, tls, true, secret},
		"enabled":               {external("a.com", to("", "x")), v1alpha1.HTTPOptionEnabled, tls, false, secret},
		"no option":             {external("a.com", to("", "x")), "", tls, false, secret},
		"local":                 {local([]string{"a.com"}, to("", "x")), v1alpha1.HTTPOptionRedirected, tls, false, secret},
		"no certificate":        {external("a.com", to("", "x")), v1alpha1.HTTPOptionRedirected, nil, false, types.NamespacedName{}},
		"another's certificate": {external("b.com", to("", "x")), v1alpha1.HTTPOptionRedirected, tls, false, types.NamespacedName{}},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			ing := object("i", test.rule)
			ing.Spec.HTTPOption, ing.Spec.TLS = test.option, test.tls
			host := one(t, ing)
			if host.Redirect != test.redirect || host.TLS != test.secret {
				t.Errorf("redirect %v with %v", host.Redirect, host.TLS)
			}
			if host.Relayed != "" {
				t.Errorf("relayed: %s", host.Relayed)
			}
		})
	}
}

func TestSecretOfAHost(t *testing.T) {
	entry := func(secret string, hosts ...string) v1alpha1.IngressTLS {
		return v1alpha1.IngressTLS{Hosts: hosts, SecretName: secret}
	}
	all := []v1alpha1.IngressTLS{entry("any"), entry("wild", "*.b.com"), entry("exact", "x.b.com", "Y.b.com")}
	for host, want := range map[string]string{
		"x.b.com": "exact", "y.b.com": "exact", "z.b.com": "wild", "*.b.com": "wild",
		"b.com": "any", "q.z.b.com": "any",
	} {
		ing := object("i", external(host, to("", "x")))
		ing.Spec.TLS = all
		if got := one(t, ing).TLS; got != named(want) {
			t.Errorf("%s: %v, want %s", host, got, want)
		}
	}
}

func TestClaimsOf(t *testing.T) {
	now := metav1.NewTime(day(1))
	for name, test := range map[string]struct {
		change func(*v1alpha1.Ingress)
		hosts  int
	}{
		"ours":          {func(*v1alpha1.Ingress) {}, 1},
		"another class": {func(i *v1alpha1.Ingress) { i.Annotations["networking.knative.dev/ingress.class"] = "kourier" }, 0},
		"no class":      {func(i *v1alpha1.Ingress) { i.Annotations = nil }, 0},
		"being deleted": {func(i *v1alpha1.Ingress) { i.DeletionTimestamp = &now }, 0},
	} {
		ing := object("i", external("a.com", to("", "x")))
		ing.CreationTimestamp = now
		test.change(ing)
		claims, problems := ClaimsOf(ing)
		if len(claims.Hosts) != test.hosts || len(problems) > 0 {
			t.Errorf("%s: %d hosts, problems %v", name, len(claims.Hosts), problems)
		}
		if claims.Ingress != named("i") || !claims.Created.Equal(day(1)) {
			t.Errorf("%s: claims of %v at %v", name, claims.Ingress, claims.Created)
		}
	}
}
