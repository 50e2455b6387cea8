package slb

import "github.com/ebb-node/ebb/alicloud"

// product is CLB's API as package alicloud needs to know it.
var product = &alicloud.Product{
	Name:     "Slb",
	Version:  "2014-05-15",
	Endpoint: endpoint,
	Limits:   limits(),
	Classes:  classes,
	Secret:   func(param string) bool { return param == "PrivateKey" },
}

// endpoint is the host of a region
// (https://www.alibabacloud.com/help/en/slb/classic-load-balancer/developer-reference/api-slb-2014-05-15-endpoint):
// most regions share one, in which the parameter RegionId decides.
func endpoint(region string, vpc bool) string {
	if vpc {
		return "slb-vpc." + region + ".aliyuncs.com"
	}
	return "slb.aliyuncs.com"
}

// writes are allowed 90 times a minute each
// (https://www.alibabacloud.com/help/doc-detail/85966.htm). The table does not
// show the actions of rules and vServer groups to everybody; for those it is
// the careful guess.
var writes = []string{
	"CreateLoadBalancer", "SetLoadBalancerStatus",
	"CreateLoadBalancerHTTPListener", "CreateLoadBalancerHTTPSListener", "CreateLoadBalancerTCPListener",
	"SetLoadBalancerHTTPListenerAttribute", "SetLoadBalancerHTTPSListenerAttribute", "SetLoadBalancerTCPListenerAttribute",
	"StartLoadBalancerListener", "DeleteLoadBalancerListener",
	"CreateVServerGroup", "AddVServerGroupBackendServers", "SetVServerGroupAttribute", "RemoveVServerGroupBackendServers", "DeleteVServerGroup",
	"CreateRules", "SetRule", "DeleteRules",
	"UploadServerCertificate", "DeleteServerCertificate",
	"CreateDomainExtension", "DeleteDomainExtension",
}

// reads are allowed 3,000 times a minute each (same page).
var reads = []string{
	"DescribeLoadBalancers", "DescribeLoadBalancerAttribute", "DescribeLoadBalancerListeners",
	"DescribeVServerGroups", "DescribeDomainExtensions", "DescribeServerCertificates",
}

// hiddenReads are those of rules and vServer groups, whose quota is not shown
// either. They start between the two: should it be 90, refusals bring the rate
// down, which alicloud lets fall to a twentieth.
var hiddenReads = []string{"DescribeRules", "DescribeVServerGroupAttribute"}

func limits() map[string]alicloud.Limit {
	out := map[string]alicloud.Limit{"SetDomainExtensionAttribute": alicloud.PerMinute(400)}
	for _, action := range hiddenReads {
		out[action] = alicloud.PerMinute(900)
	}
	for _, action := range writes {
		out[action] = alicloud.PerMinute(90)
	}
	for _, action := range reads {
		out[action] = alicloud.PerMinute(3000)
	}
	return out
}
