package slb

import "strings"

// Quotas are how many of something there may be. Zero is none at all.
type Quotas struct {
	LoadBalancers        int // per account
	Listeners            int // per load balancer
	Rules                int // per listener; cannot be raised in the real service
	DomainExtensions     int // per HTTPS listener
	BackendServers       int // per load balancer, over all its groups
	Attachments          int // of one server
	ServerCertificates   int // per region
	AccessControlLists   int // per account
	AccessControlEntries int // per access control list
	ListenersPerACL      int
}

// DocumentedQuotas are the defaults of a new account in a region
// (https://alibabacloud.com/help/en/slb/classic-load-balancer/user-guide/quotas).
// Whether one server in several groups counts several times is not documented;
// here it does.
func DocumentedQuotas(region string) Quotas {
	q := Quotas{
		LoadBalancers: 30, Listeners: 50, Rules: 40, DomainExtensions: 3,
		BackendServers: 200, Attachments: 50, ServerCertificates: 100,
		AccessControlLists: 200, AccessControlEntries: 300, ListenersPerACL: 50,
	}
	if strings.HasPrefix(region, "cn-") {
		q.LoadBalancers = 60
	}
	return q
}

// Limits of one call, by the reference of each action.
const (
	serversPerCall   = 20 // AddVServerGroupBackendServers and siblings
	rulesPerCall     = 10 // CreateRules, DeleteRules
	entriesPerCall   = 50 // AddAccessControlListEntry
	resourcesPerCall = 20 // TagResources
	idsPerCall       = 10 // DescribeLoadBalancers, DescribeLoadBalancerListeners
)
