package eci

import "github.com/ebb-node/ebb/mockcloud/rpc"

type regionsRequest struct{}

type regionsAnswer struct{ Regions []regionView }

type regionView struct {
	RegionId         string
	RegionEndpoint   string
	Zones            []string
	RecommendZones   []string
	UnavailableZones []string
}

// describeRegions is DescribeRegions; the endpoint is the one that was called.
func (s *Service) describeRegions(call *rpc.Call, _ *regionsRequest) (any, error) {
	return regionsAnswer{Regions: []regionView{{
		RegionId: s.config.RegionID, RegionEndpoint: call.Host,
		Zones: s.config.Zones, RecommendZones: s.config.Zones, UnavailableZones: []string{},
	}}}, nil
}
