package ingress

import (
	"fmt"

	"k8s.io/apimachinery/pkg/types"
	"k8s.io/apimachinery/pkg/util/intstr"
	"knative.dev/networking/pkg/apis/networking"
	"knative.dev/networking/pkg/apis/networking/v1alpha1"
)

// splits of a path. Those of 0 percent get no requests and are left out; a
// single one without a percent has all of them, as the API says.
func (r *reader) splits(in []v1alpha1.IngressBackendSplit, field string) []Split {
	var out []Split
	total := 0
	for i, s := range in {
		at := fmt.Sprintf("%s[%d]", field, i)
		if len(in) == 1 && s.Percent == 0 {
			s.Percent = 100
		}
		if s.Percent < 0 {
			r.problem(ReasonInvalidSplit, at+".percent", "%d is negative; use 0 to 100", s.Percent)
		}
		total += s.Percent
		split := r.split(s, at)
		if s.Percent > 0 {
			out = append(out, split)
		}
	}
	if total != 100 {
		r.problem(ReasonInvalidSplit, field, "percents add up to %d; make them 100", total)
	}
	return out
}

func (r *reader) split(s v1alpha1.IngressBackendSplit, field string) Split {
	if s.ServiceName == "" {
		r.problem(ReasonInvalidSplit, field+".serviceName", "is empty; name a Service")
	}
	if s.ServiceNamespace == "" {
		s.ServiceNamespace = r.ing.Namespace
	}
	if s.ServiceNamespace != r.ing.Namespace {
		r.problem(ReasonInvalidSplit, field+".serviceNamespace", "%q is not the Ingress's namespace; a Service must be in the same", s.ServiceNamespace)
	}
	if s.ServicePort == (intstr.IntOrString{}) {
		r.problem(ReasonInvalidSplit, field+".servicePort", "is empty; give a port's number or name")
	}
	if s.ServicePort.IntVal == networking.ServiceHTTPSPort {
		r.problem(ReasonInvalidSplit, field+".servicePort", "is 443, the port for TLS to pods; CLB speaks HTTP to them, so set system-internal-tls in config-network to Disabled")
	}
	return Split{
		Service:       types.NamespacedName{Namespace: s.ServiceNamespace, Name: s.ServiceName},
		Port:          s.ServicePort,
		Percent:       s.Percent,
		AppendHeaders: r.appendHeaders(s.AppendHeaders, field+".appendHeaders"),
	}
}
