package ingress

import (
	"strings"
	"testing"

	"knative.dev/networking/pkg/apis/networking/v1alpha1"
)

func TestRelayed(t *testing.T) {
	with := func(change func(*v1alpha1.HTTPIngressPath)) v1alpha1.HTTPIngressPath {
		path := to("", "x")
		change(&path)
		return path
	}
	tests := map[string]struct {
		path v1alpha1.HTTPIngressPath
		want string
	}{
		"plain":                     {to("", "x"), ""},
		"what only activators read": {v1alpha1.HTTPIngressPath{Splits: []v1alpha1.IngressBackendSplit{revision("x", 100)}}, ""},
		"every character of CLB":    {to("/aZ09-.%20/", "x"), ""},
		"80 characters":             {to("/"+strings.Repeat("a", 79), "x"), ""},
		"81 characters":             {to("/"+strings.Repeat("a", 80), "x"), "path /" + strings.Repeat("a", 80) + " is longer than 80 characters"},
		"underscore":                {to("/a_b", "x"), "path /a_b has characters other than letters, digits and -/.%?#&"},
		"header match": {with(func(p *v1alpha1.HTTPIngressPath) {
			p.Headers = map[string]v1alpha1.HeaderMatch{"z": {Exact: "1"}, "knative-serving-tag": {Exact: "v1"}}
		}), "path / matches the header Knative-Serving-Tag"},
		"rewriteHost": {with(func(p *v1alpha1.HTTPIngressPath) { p.RewriteHost = "X.default.svc" }),
			"path / rewrites the host to x.default.svc"},
		"path appends": {with(func(p *v1alpha1.HTTPIngressPath) { p.AppendHeaders = map[string]string{"x-a": "1"} }),
			"path / appends the header X-A"},
		"path appends for the activator": {with(func(p *v1alpha1.HTTPIngressPath) {
			p.AppendHeaders = map[string]string{"Knative-Serving-Revision": "1"}
		}), "path / appends the header Knative-Serving-Revision"},
		"split appends": {with(func(p *v1alpha1.HTTPIngressPath) {
			p.Splits[0] = revision("x", 100)
			p.Splits[0].AppendHeaders["k-original-host"] = "a.com"
		}), "path / appends the header K-Original-Host for Service x"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			if got := one(t, object("i", external("a.com", test.path))).Relayed; got != test.want {
				t.Errorf("got %q, want %q", got, test.want)
			}
		})
	}
}

func TestOrderOfHeaderMatches(t *testing.T) {
	tagged := to("", "tagged")
	tagged.Headers = map[string]v1alpha1.HeaderMatch{"Tag": {Exact: "v1"}}
	more := to("", "more")
	more.Headers = map[string]v1alpha1.HeaderMatch{"Tag": {Exact: "v1"}, "X": {Exact: ""}}
	host := one(t, object("i", external("a.com", to("/", "plain"), tagged, more, to("/b", "long"))))
	var got []string
	for _, p := range host.Paths {
		got = append(got, p.Splits[0].Service.Name)
	}
	if want := "long more tagged plain"; strings.Join(got, " ") != want {
		t.Errorf("order %v, want %s", got, want)
	}
}
