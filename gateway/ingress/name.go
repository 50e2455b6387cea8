package ingress

import (
	"strings"

	"k8s.io/apimachinery/pkg/util/validation"
)

// checkHost says what is wrong with a host in lower case, or "". The form is
// that of DNS names, which is also all that CLB takes
// (https://www.alibabacloud.com/help/en/slb/classic-load-balancer/developer-reference/api-slb-2014-05-15-createrules).
func checkHost(name string) string {
	switch {
	case name == "":
		return "is empty; name a host"
	case strings.Contains(name, ":"):
		return "has a port or a scheme; give the host alone, ports are 80 and 443"
	case len(validation.IsDNS1123Subdomain(strings.TrimPrefix(name, "*."))) > 0:
		return "is not a host name; use letters, digits, - and ., at most with *. in front"
	}
	return ""
}
