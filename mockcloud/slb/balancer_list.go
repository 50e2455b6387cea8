package slb

import (
	"net/netip"
	"slices"
	"strings"

	"github.com/ebb-node/ebb/mockcloud/rpc"
)

// listBalancers is DescribeLoadBalancers
// (https://www.alibabacloud.com/help/en/slb/classic-load-balancer/developer-reference/api-slb-2014-05-15-describeloadbalancers).
type listBalancers struct {
	LoadBalancerId        string // comma list
	LoadBalancerName      string // comma list
	Tags                  string // JSON
	Tag                   []tag
	Address               string
	AddressType           string
	AddressIPVersion      string
	NetworkType           string
	VpcId                 string
	VSwitchId             string
	MasterZoneId          string
	SlaveZoneId           string
	ServerId              string
	ServerIntranetAddress string
	LoadBalancerStatus    string
	BusinessStatus        string
	InstanceChargeType    string
	InternetChargeType    string
	PayType               string
	ResourceGroupId       string
	pageRef
}

// pageRef are the parameters of a numbered page.
type pageRef struct {
	PageNumber *int
	PageSize   *int
}

// page answers the bounds of the page among n items. The two parameters go
// together; without them it is the first ten.
func (p pageRef) page(n int) (from, to int, err error) {
	if (p.PageNumber == nil) != (p.PageSize == nil) {
		return 0, 0, rpc.InvalidParameter("PageNumber", "PageNumber and PageSize go together")
	}
	number, size := p.numbers()
	if number < 1 || size < 1 || size > 100 {
		return 0, 0, rpc.InvalidParameter("PageSize", "PageNumber from 1 and PageSize from 1 to 100 are wanted")
	}
	from = min((number-1)*size, n)
	return from, min(from+size, n), nil
}

func (p pageRef) numbers() (number, size int) {
	if p.PageNumber == nil || p.PageSize == nil {
		return 1, 10
	}
	return *p.PageNumber, *p.PageSize
}

type listBalancersAnswer struct {
	PageNumber    int
	PageSize      int
	TotalCount    int
	LoadBalancers struct{ LoadBalancer []balancerView }
}

func (r *listBalancers) answer(s *state, w *world) (any, error) {
	matches, err := r.filter(s)
	if err != nil {
		return nil, err
	}
	found := []balancerView{}
	for _, lb := range sorted(s.balancers) {
		if matches(lb) {
			found = append(found, lb.view(w.region))
		}
	}
	from, to, err := r.page(len(found))
	if err != nil {
		return nil, err
	}
	a := listBalancersAnswer{TotalCount: len(found)}
	a.PageNumber, a.PageSize = r.numbers()
	a.LoadBalancers.LoadBalancer = found[from:to]
	return a, nil
}

// filter joins what the parameters demand. Several entries of Tags are
// alternatives, as the cloud controller manager observed; those of Tag must all
// match.
func (r *listBalancers) filter(s *state) (func(*loadBalancer) bool, error) {
	ids, err := commaList("LoadBalancerId", r.LoadBalancerId)
	if err != nil {
		return nil, err
	}
	names, err := commaList("LoadBalancerName", r.LoadBalancerName)
	if err != nil {
		return nil, err
	}
	alternatives, err := r.oldTags()
	if err != nil {
		return nil, err
	}
	return func(lb *loadBalancer) bool {
		return (len(ids) == 0 || slices.Contains(ids, lb.id)) &&
			(len(names) == 0 || slices.Contains(names, lb.name)) &&
			(len(alternatives) == 0 || slices.ContainsFunc(alternatives, lb.tags.has)) &&
			lb.tags.hasAll(r.Tag) && r.matchesFields(lb) && r.matchesServer(s, lb)
	}, nil
}

func (r *listBalancers) oldTags() ([]tag, error) {
	if r.Tags == "" {
		return nil, nil
	}
	list, err := parseTags(r.Tags)
	if err == nil && len(list) > idsPerCall {
		err = rpc.InvalidParameter("Tags", "at most %d tags are wanted", idsPerCall)
	}
	return list, err
}

func (r *listBalancers) matchesFields(lb *loadBalancer) bool {
	for _, f := range [][2]string{
		{r.Address, lb.address.String()}, {r.AddressType, lb.addressType}, {r.AddressIPVersion, "ipv4"},
		{r.NetworkType, lb.networkType()}, {r.VpcId, lb.vpcID}, {r.VSwitchId, lb.vSwitchID},
		{r.MasterZoneId, lb.masterZone}, {r.SlaveZoneId, lb.slaveZone},
		{r.LoadBalancerStatus, lb.status}, {r.BusinessStatus, "Normal"},
		{r.InstanceChargeType, lb.charge}, {r.InternetChargeType, lb.internetCharge},
		{r.PayType, "PayOnDemand"}, {r.ResourceGroupId, lb.resourceGroup},
	} {
		if f[0] != "" && f[0] != f[1] {
			return false
		}
	}
	return true
}

// matchesServer looks for a back-end server among the members of all groups.
func (r *listBalancers) matchesServer(s *state, lb *loadBalancer) bool {
	if r.ServerId == "" && r.ServerIntranetAddress == "" {
		return true
	}
	ip, _ := netip.ParseAddr(r.ServerIntranetAddress)
	for _, g := range s.groups {
		if g.balancer == lb.id && slices.ContainsFunc(g.members, func(m member) bool {
			return (r.ServerId == "" || m.serverID == r.ServerId) && (r.ServerIntranetAddress == "" || m.ip == ip)
		}) {
			return true
		}
	}
	return false
}

// commaList reads a list of at most ten.
func commaList(name, text string) ([]string, error) {
	if text == "" {
		return nil, nil
	}
	list := strings.Split(text, ",")
	if len(list) > idsPerCall {
		return nil, rpc.InvalidParameter(name, "at most %d are wanted", idsPerCall)
	}
	return list, nil
}
