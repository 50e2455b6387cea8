package ingress

import (
	"strings"
	"testing"

	"k8s.io/apimachinery/pkg/util/intstr"
	"knative.dev/networking/pkg/apis/networking/v1alpha1"
)

// TestProblems: each row breaks the host a.com of the first rule; b.com of the
// second one must be unharmed.
func TestProblems(t *testing.T) {
	path := func(change func(*v1alpha1.HTTPIngressPath)) v1alpha1.IngressRule {
		p := to("", "x")
		change(&p)
		return external("a.com", p)
	}
	first := func(change func(*v1alpha1.IngressBackendSplit)) v1alpha1.IngressRule {
		return path(func(p *v1alpha1.HTTPIngressPath) { change(&p.Splits[0]) })
	}
	tests := map[string]struct {
		rule          v1alpha1.IngressRule
		reason, field string
	}{
		"no host":     {rule("", nil, to("", "x")), ReasonInvalidHost, "spec.rules[0].hosts"},
		"empty host":  {external("", to("", "x")), ReasonInvalidHost, "spec.rules[0].hosts[0]"},
		"port":        {external("a.com:80", to("", "x")), ReasonInvalidHost, "spec.rules[0].hosts[0]"},
		"underscore":  {external("a_b.com", to("", "x")), ReasonInvalidHost, "spec.rules[0].hosts[0]"},
		"inner star":  {external("a.*.com", to("", "x")), ReasonInvalidHost, "spec.rules[0].hosts[0]"},
		"only a star": {external("*", to("", "x")), ReasonInvalidHost, "spec.rules[0].hosts[0]"},
		"too long":    {external(strings.Repeat("a", 254), to("", "x")), ReasonInvalidHost, "spec.rules[0].hosts[0]"},
		"no http":     {v1alpha1.IngressRule{Hosts: []string{"a.com"}}, ReasonInvalidPath, "spec.rules[0].http.paths"},
		"no paths":    {external("a.com"), ReasonInvalidPath, "spec.rules[0].http.paths"},
		"relative":    {external("a.com", to("b", "x")), ReasonInvalidPath, "spec.rules[0].http.paths[0].path"},
		"blank":       {external("a.com", to("/a b", "x")), ReasonInvalidPath, "spec.rules[0].http.paths[0].path"},
		"query":       {external("a.com", to("/a?b", "x")), ReasonInvalidPath, "spec.rules[0].http.paths[0].path"},
		"half escape": {external("a.com", to("/a%2", "x")), ReasonInvalidPath, "spec.rules[0].http.paths[0].path"},
		"not ASCII":   {external("a.com", to("/茶", "x")), ReasonInvalidPath, "spec.rules[0].http.paths[0].path"},
		"rewriteHost": {path(func(p *v1alpha1.HTTPIngressPath) { p.RewriteHost = "a b" }), ReasonInvalidPath, "spec.rules[0].http.paths[0].rewriteHost"},
		"wild rewriteHost": {path(func(p *v1alpha1.HTTPIngressPath) { p.RewriteHost = "*.a.com" }),
			ReasonInvalidPath, "spec.rules[0].http.paths[0].rewriteHost"},
		"header's name": {path(func(p *v1alpha1.HTTPIngressPath) { p.AppendHeaders = map[string]string{"a b": "1"} }),
			ReasonInvalidPath, "spec.rules[0].http.paths[0].appendHeaders[a b]"},
		"header's value": {path(func(p *v1alpha1.HTTPIngressPath) { p.AppendHeaders = map[string]string{"A": "1\r\nB: 2"} }),
			ReasonInvalidPath, "spec.rules[0].http.paths[0].appendHeaders[A]"},
		"two spellings": {path(func(p *v1alpha1.HTTPIngressPath) { p.AppendHeaders = map[string]string{"x-a": "1", "X-A": "2"} }),
			ReasonInvalidPath, "spec.rules[0].http.paths[0].appendHeaders[x-a]"},
		"header of the connection": {first(func(s *v1alpha1.IngressBackendSplit) {
			s.AppendHeaders = map[string]string{"transfer-encoding": "chunked"}
		}), ReasonInvalidPath, "spec.rules[0].http.paths[0].splits[0].appendHeaders[transfer-encoding]"},
		"match's name": {path(func(p *v1alpha1.HTTPIngressPath) { p.Headers = map[string]v1alpha1.HeaderMatch{"": {}} }),
			ReasonInvalidPath, "spec.rules[0].http.paths[0].headers[]"},
		"no splits": {path(func(p *v1alpha1.HTTPIngressPath) { p.Splits = nil }), ReasonInvalidSplit, "spec.rules[0].http.paths[0].splits"},
		"percents": {path(func(p *v1alpha1.HTTPIngressPath) { p.Splits = append(p.Splits, split("y", 1)) }),
			ReasonInvalidSplit, "spec.rules[0].http.paths[0].splits"},
		"negative": {path(func(p *v1alpha1.HTTPIngressPath) {
			p.Splits = []v1alpha1.IngressBackendSplit{split("x", 101), split("y", -1)}
		}), ReasonInvalidSplit, "spec.rules[0].http.paths[0].splits[1].percent"},
		"no Service": {first(func(s *v1alpha1.IngressBackendSplit) { s.ServiceName = "" }), ReasonInvalidSplit, "spec.rules[0].http.paths[0].splits[0].serviceName"},
		"another namespace": {first(func(s *v1alpha1.IngressBackendSplit) { s.ServiceNamespace = "other" }),
			ReasonInvalidSplit, "spec.rules[0].http.paths[0].splits[0].serviceNamespace"},
		"no port": {first(func(s *v1alpha1.IngressBackendSplit) { s.ServicePort = intstr.IntOrString{} }),
			ReasonInvalidSplit, "spec.rules[0].http.paths[0].splits[0].servicePort"},
		"TLS to pods": {first(func(s *v1alpha1.IngressBackendSplit) { s.ServicePort = intstr.FromInt32(443) }),
			ReasonInvalidSplit, "spec.rules[0].http.paths[0].splits[0].servicePort"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			hosts, problems := Hosts(object("i", test.rule, external("b.com", to("", "x"))))
			if len(problems) != 1 || problems[0].Reason != test.reason || problems[0].Field != test.field {
				t.Errorf("problems %v, want one %s of %s", problems, test.reason, test.field)
			}
			if len(hosts) != 1 || hosts[0].Name != "b.com" {
				t.Errorf("hosts %v, want b.com alone", briefs(hosts))
			}
		})
	}
}

// TestHostWithABrokenRuleIsLeftOut: its requests must not fall to the path of
// another rule.
func TestHostWithABrokenRuleIsLeftOut(t *testing.T) {
	hosts, problems := Hosts(object("i", external("a.com", to("", "x")), external("a.com", to("/bad path", "y"))))
	if len(hosts) != 0 || len(problems) != 1 {
		t.Errorf("hosts %v, problems %v", briefs(hosts), problems)
	}
}

func TestProblemNamesObjectFieldAndRemedy(t *testing.T) {
	_, problems := Hosts(object("i", external("a_b.com", to("", "x"))))
	want := `Ingress default/i: spec.rules[0].hosts[0]: "a_b.com" is not a host name; use letters, digits, - and ., at most with *. in front`
	if got := problems[0].Error(); got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}
