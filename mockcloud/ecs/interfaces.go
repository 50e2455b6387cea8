package ecs

import (
	"cmp"
	"net/netip"
	"slices"
	"strconv"

	"github.com/ebb-node/ebb/mockcloud/rpc"
)

// interfacesRequest is DescribeNetworkInterfaces
// (https://www.alibabacloud.com/help/en/ecs/developer-reference/api-ecs-2014-05-26-describenetworkinterfaces).
type interfacesRequest struct {
	NetworkInterfaceId []string
	PrivateIpAddress   []string
	InstanceId         string
	VpcId              string
	VSwitchId          string
	SecurityGroupId    string
	Type               string
	Status             string
	MaxResults         *int
	NextToken          string
	PageNumber         *int
	PageSize           *int
}

// The documented bounds of a request: ids and addresses of a call, and sizes
// of a page, of which a smaller or missing MaxResults means the smallest.
const (
	maxInterfaceFilters  = 100
	minInterfaceResults  = 10
	maxInterfaceResults  = 500
	interfacePageDefault = 10
)

type interfacesAnswer struct {
	TotalCount           int
	PageNumber           int `json:",omitempty"`
	PageSize             int `json:",omitempty"`
	NextToken            string
	NetworkInterfaceSets struct{ NetworkInterfaceSet []interfaceView }
}

type interfaceView struct {
	NetworkInterfaceId string
	Type               string
	Status             string
	InstanceId         string
	VpcId              string
	VSwitchId          string
	ZoneId             string
	PrivateIpAddress   string
	CreationTime       string `json:",omitempty"`
	PrivateIpSets      struct{ PrivateIpSet []privateIP }
	SecurityGroupIds   struct{ SecurityGroupId []string }
}

type privateIP struct {
	PrivateIpAddress string
	Primary          bool
}

func (r *interfacesRequest) validate() error {
	switch {
	case len(r.NetworkInterfaceId) > maxInterfaceFilters:
		return rpc.InvalidParameter("NetworkInterfaceId", "at most %d are allowed", maxInterfaceFilters)
	case len(r.PrivateIpAddress) > maxInterfaceFilters:
		return rpc.InvalidParameter("PrivateIpAddress", "at most %d are allowed", maxInterfaceFilters)
	case r.Type != "" && r.Type != "Primary" && r.Type != "Secondary":
		return rpc.InvalidParameter("Type", "Primary or Secondary is wanted")
	case r.Status != "" && !slices.Contains(interfaceStates, r.Status):
		return rpc.InvalidParameter("Status", "one of %v is wanted", interfaceStates)
	}
	for _, text := range r.PrivateIpAddress {
		if _, err := netip.ParseAddr(text); err != nil {
			return rpc.InvalidParameter("PrivateIpAddress", "an address is wanted")
		}
	}
	return nil
}

// inUse is the state of every interface here.
const inUse = "InUse"

var interfaceStates = []string{"Available", "Attaching", inUse, "Detaching", "Deleting"}

func (s *Service) describeInterfaces(_ *rpc.Call, r *interfacesRequest) (any, error) {
	if err := r.validate(); err != nil {
		return nil, err
	}
	var found []interfaceView
	for _, i := range s.network.interfaces() {
		if r.wants(i) {
			found = append(found, i.view())
		}
	}
	if r.MaxResults != nil || r.NextToken != "" {
		return r.byToken(found)
	}
	return r.byNumber(found)
}

func (r *interfacesRequest) wants(i NetworkInterface) bool {
	return (len(r.NetworkInterfaceId) == 0 || slices.Contains(r.NetworkInterfaceId, i.ID)) &&
		(len(r.PrivateIpAddress) == 0 || slices.Contains(r.PrivateIpAddress, i.IP.String())) &&
		same(r.InstanceId, i.InstanceID) && same(r.VpcId, i.VPCID) && same(r.VSwitchId, i.VSwitchID) &&
		same(r.SecurityGroupId, i.SecurityGroupID) && same(r.Type, i.Type) && same(r.Status, inUse)
}

// same accepts everything when nothing is wanted.
func same(wanted, own string) bool { return wanted == "" || wanted == own }

// byToken answers the page that begins where the token points.
func (r *interfacesRequest) byToken(found []interfaceView) (any, error) {
	size := minInterfaceResults
	if r.MaxResults != nil {
		size = min(max(*r.MaxResults, minInterfaceResults), maxInterfaceResults)
	}
	start, err := strconv.Atoi(cmp.Or(r.NextToken, "0"))
	if err != nil || start < 0 || start > len(found) {
		return nil, rpc.InvalidParameter("NextToken", "it is none that was answered")
	}
	end := min(start+size, len(found))
	a := interfacesAnswer{TotalCount: len(found)}
	if end < len(found) {
		a.NextToken = strconv.Itoa(end)
	}
	a.NetworkInterfaceSets.NetworkInterfaceSet = append([]interfaceView{}, found[start:end]...)
	return a, nil
}

// byNumber is the older way to page.
func (r *interfacesRequest) byNumber(found []interfaceView) (any, error) {
	number, size := 1, interfacePageDefault
	if r.PageNumber != nil {
		number = *r.PageNumber
	}
	if r.PageSize != nil {
		size = *r.PageSize
	}
	if number < 1 || size < 1 || size > maxInterfaceResults {
		return nil, rpc.InvalidParameter("PageSize", "PageNumber from 1 and PageSize from 1 to %d are wanted", maxInterfaceResults)
	}
	start := min((number-1)*size, len(found))
	a := interfacesAnswer{TotalCount: len(found), PageNumber: number, PageSize: size}
	a.NetworkInterfaceSets.NetworkInterfaceSet = append([]interfaceView{}, found[start:min(start+size, len(found))]...)
	return a, nil
}

func (i NetworkInterface) view() interfaceView {
	v := interfaceView{
		NetworkInterfaceId: i.ID, Type: i.Type, Status: inUse, InstanceId: i.InstanceID,
		VpcId: i.VPCID, VSwitchId: i.VSwitchID, ZoneId: i.Zone, PrivateIpAddress: i.IP.String(),
	}
	if !i.Created.IsZero() {
		v.CreationTime = i.Created.UTC().Format("2006-01-02T15:04:05Z")
	}
	v.PrivateIpSets.PrivateIpSet = []privateIP{{i.IP.String(), true}}
	v.SecurityGroupIds.SecurityGroupId = []string{}
	if i.SecurityGroupID != "" {
		v.SecurityGroupIds.SecurityGroupId = []string{i.SecurityGroupID}
	}
	return v
}
