package slb

import "github.com/ebb-node/ebb/mockcloud/rpc"

// Limits of calls per account and minute
// (https://help.aliyun.com/document_detail/32459.html). The pages show 90 and
// 3,000 for those writes and reads that can be read in them; the others are
// taken to be the same.
var (
	writeLimit  = rpc.PerMinute(90)
	fasterLimit = rpc.PerMinute(400) // SetDomainExtensionAttribute
	readLimit   = rpc.PerMinute(3000)
)

// Product registers the actions at a front door.
func (s *Service) Product() rpc.Product {
	var actions []rpc.Action
	for _, part := range [][]rpc.Action{
		s.balancerActions(), s.tagActions(), s.listenerActions(), s.groupActions(),
		s.ruleActions(), s.certificateActions(), s.aclActions(),
	} {
		actions = append(actions, part...)
	}
	return rpc.Product{Name: "Slb", Version: Version, Actions: actions}
}

// writes makes an action of a request type that is a write.
func writes[R any, W interface {
	*R
	write
}](s *Service, name string, limit rpc.Limit) rpc.Action {
	return rpc.Handle(name, limit, func(call *rpc.Call, r *R) (any, error) { return s.do(call, W(r)) })
}

// reads makes an action of a request type that is a read.
func reads[R any, Q interface {
	*R
	read
}](s *Service, name string) rpc.Action {
	return rpc.Handle(name, readLimit, func(call *rpc.Call, r *R) (any, error) { return s.look(call, Q(r)) })
}

func (s *Service) balancerActions() []rpc.Action {
	return []rpc.Action{
		writes[createBalancer](s, "CreateLoadBalancer", writeLimit),
		reads[listBalancers](s, "DescribeLoadBalancers"),
		reads[describeBalancer](s, "DescribeLoadBalancerAttribute"),
		writes[deleteBalancer](s, "DeleteLoadBalancer", writeLimit),
		writes[setDeleteProtection](s, "SetLoadBalancerDeleteProtection", writeLimit),
		writes[setModificationProtection](s, "SetLoadBalancerModificationProtection", writeLimit),
		writes[setBalancerStatus](s, "SetLoadBalancerStatus", writeLimit),
		writes[setBalancerName](s, "SetLoadBalancerName", writeLimit),
		writes[modifySpec](s, "ModifyLoadBalancerInstanceSpec", writeLimit),
		writes[modifyInternetSpec](s, "ModifyLoadBalancerInternetSpec", writeLimit),
		writes[modifyCharge](s, "ModifyLoadBalancerInstanceChargeType", writeLimit),
		rpc.Handle("DescribeHealthStatus", readLimit, s.describeHealth),
	}
}

func (s *Service) tagActions() []rpc.Action {
	return []rpc.Action{
		writes[tagResources](s, "TagResources", writeLimit),
		writes[untagResources](s, "UntagResources", writeLimit),
		reads[listTags](s, "ListTagResources"),
		writes[addTags](s, "AddTags", writeLimit),
		writes[removeTags](s, "RemoveTags", writeLimit),
		reads[listOldTags](s, "DescribeTags"),
	}
}

func (s *Service) listenerActions() []rpc.Action {
	return []rpc.Action{
		writes[createHTTP](s, "CreateLoadBalancerHTTPListener", writeLimit),
		writes[createHTTPS](s, "CreateLoadBalancerHTTPSListener", writeLimit),
		writes[createTCP](s, "CreateLoadBalancerTCPListener", writeLimit),
		writes[setHTTP](s, "SetLoadBalancerHTTPListenerAttribute", writeLimit),
		writes[setHTTPS](s, "SetLoadBalancerHTTPSListenerAttribute", writeLimit),
		writes[setTCP](s, "SetLoadBalancerTCPListenerAttribute", writeLimit),
		reads[describeHTTP](s, "DescribeLoadBalancerHTTPListenerAttribute"),
		reads[describeHTTPS](s, "DescribeLoadBalancerHTTPSListenerAttribute"),
		reads[describeTCP](s, "DescribeLoadBalancerTCPListenerAttribute"),
		reads[listListeners](s, "DescribeLoadBalancerListeners"),
		writes[startListener](s, "StartLoadBalancerListener", writeLimit),
		writes[stopListener](s, "StopLoadBalancerListener", writeLimit),
		writes[deleteListener](s, "DeleteLoadBalancerListener", writeLimit),
	}
}

func (s *Service) groupActions() []rpc.Action {
	return []rpc.Action{
		writes[createGroup](s, "CreateVServerGroup", writeLimit),
		writes[setGroup](s, "SetVServerGroupAttribute", writeLimit),
		writes[addServers](s, "AddVServerGroupBackendServers", writeLimit),
		writes[removeServers](s, "RemoveVServerGroupBackendServers", writeLimit),
		writes[modifyServers](s, "ModifyVServerGroupBackendServers", writeLimit),
		reads[listGroups](s, "DescribeVServerGroups"),
		reads[describeGroup](s, "DescribeVServerGroupAttribute"),
		writes[deleteGroup](s, "DeleteVServerGroup", writeLimit),
	}
}

func (s *Service) ruleActions() []rpc.Action {
	return []rpc.Action{
		writes[createRules](s, "CreateRules", writeLimit),
		writes[setRule](s, "SetRule", writeLimit),
		writes[deleteRules](s, "DeleteRules", writeLimit),
		reads[listRules](s, "DescribeRules"),
		reads[describeRule](s, "DescribeRuleAttribute"),
	}
}

func (s *Service) certificateActions() []rpc.Action {
	return []rpc.Action{
		writes[uploadCertificate](s, "UploadServerCertificate", writeLimit),
		writes[renameCertificate](s, "SetServerCertificateName", writeLimit),
		writes[deleteCertificate](s, "DeleteServerCertificate", writeLimit),
		reads[listCertificates](s, "DescribeServerCertificates"),
		writes[createExtension](s, "CreateDomainExtension", writeLimit),
		writes[setExtension](s, "SetDomainExtensionAttribute", fasterLimit),
		writes[deleteExtension](s, "DeleteDomainExtension", writeLimit),
		reads[listExtensions](s, "DescribeDomainExtensions"),
		reads[describeExtension](s, "DescribeDomainExtensionAttribute"),
	}
}

func (s *Service) aclActions() []rpc.Action {
	return []rpc.Action{
		writes[createACL](s, "CreateAccessControlList", writeLimit),
		writes[renameACL](s, "SetAccessControlListAttribute", writeLimit),
		writes[addEntries](s, "AddAccessControlListEntry", writeLimit),
		writes[removeEntries](s, "RemoveAccessControlListEntry", writeLimit),
		writes[deleteACL](s, "DeleteAccessControlList", writeLimit),
		reads[listACLs](s, "DescribeAccessControlLists"),
		reads[describeACL](s, "DescribeAccessControlListAttribute"),
	}
}
