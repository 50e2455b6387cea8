package ecs

import (
	"cmp"
	"slices"
	"strconv"

	"github.com/ebb-node/ebb/mockcloud/rpc"
)

// Version of the API.
const Version = "2014-05-26"

// Service is the product. It is safe for concurrent use.
type Service struct {
	types   []instanceType
	network network
}

// Config of the product.
type Config struct {
	// Instances are always running.
	Instances []Instance
	// Interfaces answers the network interfaces that belong to other products;
	// nil is none.
	Interfaces func() []NetworkInterface
}

// New makes the product.
func New(c Config) (*Service, error) {
	types, err := catalogue()
	if err != nil {
		return nil, err
	}
	slices.SortFunc(types, func(a, b instanceType) int { return cmp.Compare(a.id, b.id) })
	return &Service{types: types, network: network{c.Instances, c.Interfaces}}, nil
}

// Product registers the actions at a front door. No limit is documented.
func (s *Service) Product() rpc.Product {
	return rpc.Product{Name: "Ecs", Version: Version, Actions: []rpc.Action{
		rpc.Handle("DescribeInstanceTypes", rpc.Limit{}, s.describeInstanceTypes),
		rpc.Handle("DescribeNetworkInterfaces", rpc.Limit{}, s.describeInterfaces),
	}}
}

type typesRequest struct {
	InstanceTypes         []string
	InstanceTypeFamily    string
	InstanceFamilyLevel   string
	MinimumCpuCoreCount   int
	MaximumCpuCoreCount   int
	MinimumMemorySize     float64
	MaximumMemorySize     float64
	MinimumInitialCredit  int
	MinimumBaselineCredit int
	MaxResults            int
	NextToken             string
}

type typesAnswer struct {
	InstanceTypes typeList
	NextToken     string
}

type typeList struct{ InstanceType []typeView }

type typeView struct {
	InstanceTypeId      string
	InstanceTypeFamily  string
	InstanceFamilyLevel string
	CpuCoreCount        int
	MemorySize          float64
	InitialCredit       int `json:",omitempty"`
	BaselineCredit      int `json:",omitempty"`
}

// The documented bounds of a request.
const (
	maxTypes   = 10
	maxResults = 100
)

func (r *typesRequest) validate() error {
	switch {
	case len(r.InstanceTypes) > maxTypes:
		return rpc.InvalidParameter("InstanceTypes", "at most %d are allowed", maxTypes)
	case r.MaxResults < 0 || r.MaxResults > maxResults:
		return rpc.InvalidParameter("MaxResults", "1 to %d is wanted", maxResults)
	}
	return nil
}

// describeInstanceTypes is DescribeInstanceTypes.
func (s *Service) describeInstanceTypes(_ *rpc.Call, r *typesRequest) (any, error) {
	if err := r.validate(); err != nil {
		return nil, err
	}
	list := []typeView{}
	for _, t := range s.types {
		if r.wants(t) {
			list = append(list, t.view())
		}
	}
	start, err := strconv.Atoi(cmp.Or(r.NextToken, "0"))
	if err != nil || start < 0 || start > len(list) {
		return nil, rpc.InvalidParameter("NextToken", "it is none that was answered")
	}
	end := min(start+cmp.Or(r.MaxResults, maxResults), len(list))
	answer := typesAnswer{InstanceTypes: typeList{list[start:end]}}
	if end < len(list) {
		answer.NextToken = strconv.Itoa(end)
	}
	return answer, nil
}

func (r *typesRequest) wants(t instanceType) bool {
	return (len(r.InstanceTypes) == 0 || slices.Contains(r.InstanceTypes, t.id)) &&
		(r.InstanceTypeFamily == "" || r.InstanceTypeFamily == t.family) &&
		(r.InstanceFamilyLevel == "" || r.InstanceFamilyLevel == t.level()) &&
		t.vcpu >= r.MinimumCpuCoreCount && (r.MaximumCpuCoreCount == 0 || t.vcpu <= r.MaximumCpuCoreCount) &&
		t.memory >= r.MinimumMemorySize && (r.MaximumMemorySize == 0 || t.memory <= r.MaximumMemorySize) &&
		t.initialCredit >= r.MinimumInitialCredit && t.baselineCredit() >= r.MinimumBaselineCredit
}

// baselineCredit is a number whose unit no document states; here it is the
// baseline of all vCPUs, in percent of one.
func (t instanceType) baselineCredit() int { return int(t.baseline * float64(t.vcpu)) }

func (t instanceType) view() typeView {
	return typeView{
		InstanceTypeId: t.id, InstanceTypeFamily: t.family, InstanceFamilyLevel: t.level(),
		CpuCoreCount: t.vcpu, MemorySize: t.memory,
		InitialCredit: t.initialCredit, BaselineCredit: t.baselineCredit(),
	}
}
