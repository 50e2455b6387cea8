package slb

import (
	"net/http"

	"github.com/ebb-node/ebb/mockcloud/rpc"
)

// Codes and their HTTP statuses are those of the list of common error codes
// (https://github.com/AlibabaCloudDocs/slb, Common error codes) where they are
// in it. Codes that are documented without a status are answered with 400.

func refuse(code, format string, args ...any) error {
	return rpc.Errorf(http.StatusBadRequest, code, format, args...)
}

func notFound(code, format string, args ...any) error {
	return rpc.Errorf(http.StatusNotFound, code, format, args...)
}

func loadBalancerNotFound(id string) error {
	return notFound("InvalidLoadBalancerId.NotFound", "The specified LoadBalancerId %s does not exist.", id)
}

func listenerNotFound(port int) error {
	return notFound("ListenerNotFound", "There is no listener for port %d of the load balancer.", port)
}

// groupNotFound really has the code InvalidParameter.
func groupNotFound(id string) error {
	return notFound("InvalidParameter", "The specified VServerGroupId %s does not exist.", id)
}

func ruleNotFound(id string) error {
	return notFound("InvalidRuleId.NotFound", "The rule %s does not exist.", id)
}

func certificateNotFound(id string) error {
	return notFound("ServerCertificateId.NotFound", "The specified ServerCertificateId %s does not exist.", id)
}

func extensionNotFound(id string) error {
	return refuse("InvalidParameter.DomainExtensionId", "The specified DomainExtensionId %s does not exist.", id)
}

func aclNotFound(id string) error {
	return refuse("AclNotExist", "The access control list %s does not exist.", id)
}
