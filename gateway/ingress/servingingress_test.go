package ingress

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"knative.dev/networking/pkg/apis/networking"
	"knative.dev/networking/pkg/apis/networking/v1alpha1"
)

const cafe = "cafe.knative-ask.cs.aliyun.com"

// coffee is the Ingress of a Service with tagged revisions.
func coffee() *v1alpha1.Ingress {
	main := v1alpha1.HTTPIngressPath{Splits: []v1alpha1.IngressBackendSplit{
		revision("coffee-v3", 10), revision("coffee-v2", 20), revision("coffee-v1", 70),
	}}
	tag := v1alpha1.HTTPIngressPath{Splits: []v1alpha1.IngressBackendSplit{revision("coffee-v1", 100)}}
	ing := object("coffee",
		external("v1-coffee.default.example.com", tag),
		local([]string{"v1-coffee.default", "v1-coffee.default.svc.cluster.local"}, tag),
		local([]string{"coffee.default", "coffee.default.svc.cluster.local"}, main),
		external("coffee.default.example.com", to("/.well-known/acme-challenge/t", "solver"), main))
	return annotated(ing, networking.TagToHostAnnotationKey,
		`{"v1":["v1-coffee.default.svc.cluster.local","v1-coffee.default.example.com"]}`)
}

func TestServingIngressSplitsLikeTheServicesOwnHost(t *testing.T) {
	hosts := read(t, annotated(coffee(), ServingIngress, cafe+"/coffee"))
	got := hosts[len(hosts)-1]
	if diff := cmp.Diff([]brief{{Key{cafe, Internet}, true, []string{"/coffee"}}}, briefs(hosts[len(hosts)-1:])); diff != "" {
		t.Fatal(diff)
	}
	var percents []int
	for _, s := range got.Paths[0].Splits {
		percents = append(percents, s.Percent)
	}
	if diff := cmp.Diff([]int{10, 20, 70}, percents); diff != "" {
		t.Error(diff)
	}
	if got.Relayed != "" || got.Hash == "" {
		t.Errorf("relayed %q, hash %q", got.Relayed, got.Hash)
	}
}

func TestServingIngressEntries(t *testing.T) {
	type want struct {
		added    []brief
		problems int
	}
	shared := func(host string, prefixes ...string) brief { return brief{Key{host, Internet}, true, prefixes} }
	for value, w := range map[string]want{
		"a.com/x, b.com/y/z/":              {[]brief{shared("a.com", "/x"), shared("b.com", "/y/z/")}, 0},
		"a.com/x,a.com/xx":                 {[]brief{shared("a.com", "/xx", "/x")}, 0},
		"a.com/x,a.com/x":                  {[]brief{shared("a.com", "/x")}, 0},
		"A.com":                            {[]brief{shared("a.com", "/")}, 0},
		"a.com/":                           {[]brief{shared("a.com", "/")}, 0},
		"*.a.com/x":                        {[]brief{shared("*.a.com", "/x")}, 0},
		"":                                 {nil, 1},
		"a.com/x,":                         {[]brief{shared("a.com", "/x")}, 1},
		"http://a.com/x, b.com/y":          {[]brief{shared("b.com", "/y")}, 1},
		"a.com:80/x, /y, b.com/y?q, c.d/ü": {nil, 4},
	} {
		hosts, problems := Hosts(annotated(coffee(), ServingIngress, value))
		var added []Host
		for _, h := range hosts {
			if h.Shared {
				added = append(added, h)
			}
		}
		if diff := cmp.Diff(w.added, briefs(added)); diff != "" {
			t.Errorf("%q: %s", value, diff)
		}
		if len(problems) != w.problems {
			t.Errorf("%q: problems %v, want %d", value, problems, w.problems)
		}
		for _, p := range problems {
			if p.Reason != ReasonInvalidServingIngress || p.Field != "metadata.annotations[knative.aliyun.com/serving-ingress]" {
				t.Errorf("%q: %s of %s", value, p.Reason, p.Field)
			}
		}
		if len(hosts)-len(added) != 6 {
			t.Errorf("%q: %d of the 6 other hosts left", value, len(hosts)-len(added))
		}
	}
}

func TestServingIngressOfAClusterLocalService(t *testing.T) {
	ing := object("i", local([]string{"i.default", "i.default.svc"}, to("", "x")))
	hosts := read(t, annotated(ing, ServingIngress, "a.com/x"))
	if diff := cmp.Diff(brief{Key{"a.com", Intranet}, true, []string{"/x"}}, briefs(hosts)[2]); diff != "" {
		t.Error(diff)
	}
}

// TestServingIngressForAnOwnHost adds a path to it, which is not shared.
func TestServingIngressForAnOwnHost(t *testing.T) {
	ing := object("i", external("a.com", to("", "x")))
	got := briefs(read(t, annotated(ing, ServingIngress, "a.com/y")))
	if diff := cmp.Diff([]brief{{Key{"a.com", Internet}, false, []string{"/y", "/"}}}, got); diff != "" {
		t.Error(diff)
	}
}

func TestServingIngressKeepsHeaderMatches(t *testing.T) {
	tagged := to("", "tagged")
	tagged.Headers = map[string]v1alpha1.HeaderMatch{"Knative-Serving-Tag": {Exact: "v1"}}
	hosts := read(t, annotated(object("i", external("b.com", tagged, to("", "x"))), ServingIngress, "a.com/y"))
	if got := hosts[1]; len(got.Paths) != 2 || got.Paths[0].Headers["Knative-Serving-Tag"] != "v1" || got.Relayed == "" {
		t.Errorf("host %+v", got)
	}
}

func TestServingIngressWithoutARoute(t *testing.T) {
	for name, ing := range map[string]*v1alpha1.Ingress{
		"broken":    object("i", external("b.com", to("bad", "x"))),
		"only tags": annotated(object("i", external("b.com", to("", "x"))), networking.TagToHostAnnotationKey, `{"t":["b.com"]}`),
	} {
		_, problems := Hosts(annotated(ing, ServingIngress, "a.com/y"))
		if last := problems[len(problems)-1]; last.Reason != ReasonInvalidServingIngress {
			t.Errorf("%s: problems %v", name, problems)
		}
	}
}
