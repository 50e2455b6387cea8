package eci

import (
	"maps"
	"slices"
	"strings"

	"github.com/ebb-node/ebb/mockcloud/rpc"
)

// The categories that can be asked for
// (https://help.aliyun.com/document_detail/479624.htm).
const (
	categoryFamily = "InstanceTypeFamily"
	categoryType   = "InstanceType"
)

type availableRequest struct {
	ZoneId              string
	DestinationResource struct {
		Category string
		Value    string
		Cores    float64
		Memory   float64
	}
	SpotResource struct {
		SpotStrategy   string
		SpotPriceLimit float64
		SpotDuration   int
	}
}

type availableAnswer struct {
	AvailableZones struct{ AvailableZone []availableZoneView }
}

type availableZoneView struct {
	RegionId           string
	ZoneId             string
	AvailableResources struct{ AvailableResource []availableResourceView }
}

type availableResourceView struct {
	Type               string
	SupportedResources struct{ SupportedResource []supportedView }
}

type supportedView struct{ Value, StatusCategory string }

func (r *availableRequest) validate() error {
	d := r.DestinationResource
	switch {
	case d.Category == "":
		return rpc.MissingParameter("DestinationResource.Category")
	case d.Category == categoryFamily && d.Value == "":
		return rpc.MissingParameter("DestinationResource.Value")
	case d.Category == categoryType && d.Value == "" && (d.Cores == 0 || d.Memory == 0):
		return rpc.MissingParameter("DestinationResource.Value")
	case r.spot() && d.Category != categoryType:
		return rpc.InvalidParameter("DestinationResource.Category", "spot resources are asked for by %s", categoryType)
	}
	return oneOf("DestinationResource.Category", d.Category, categoryFamily, categoryType)
}

func (r *availableRequest) spot() bool {
	return r.SpotResource.SpotStrategy != "" && r.SpotResource.SpotStrategy != "NoSpot"
}

// describeAvailable is DescribeAvailableResource.
func (s *Service) describeAvailable(call *rpc.Call, r *availableRequest) (any, error) {
	if err := r.validate(); err != nil {
		return nil, err
	}
	answer := availableAnswer{}
	for _, zone := range s.config.Zones {
		if r.ZoneId != "" && r.ZoneId != zone {
			continue
		}
		resource := availableResourceView{Type: r.DestinationResource.Category}
		resource.SupportedResources.SupportedResource = s.supported(r, zone)
		view := availableZoneView{RegionId: call.RegionID, ZoneId: zone}
		view.AvailableResources.AvailableResource = []availableResourceView{resource}
		answer.AvailableZones.AvailableZone = append(answer.AvailableZones.AvailableZone, view)
	}
	return answer, nil
}

// supported lists what a zone has of what is asked for. A family is there as
// long as one of its types is.
func (s *Service) supported(r *availableRequest, zone string) []supportedView {
	found := map[string]string{}
	for _, name := range s.matching(r) {
		value := name
		if r.DestinationResource.Category == categoryFamily {
			value = familyOf(name)
		}
		if status := s.category(zone, name, r.spot()); found[value] != withStock {
			found[value] = status
		}
	}
	list := []supportedView{}
	for _, value := range slices.Sorted(maps.Keys(found)) {
		list = append(list, supportedView{value, found[value]})
	}
	return list
}

const (
	withStock    = "WithStock"
	withoutStock = "WithoutStock"
)

func (s *Service) category(zone, name string, spot bool) string {
	if s.stock.state(zone, name, spot) == StockAvailable {
		return withStock
	}
	return withoutStock
}

// matching lists the known types that are asked for.
func (s *Service) matching(r *availableRequest) []string {
	d := r.DestinationResource
	var names []string
	for name, of := range s.types {
		switch {
		case d.Category == categoryFamily && d.Value == familyOf(name),
			d.Category == categoryType && d.Value == name,
			d.Category == categoryType && d.Value == "" && d.Cores == of.cpu && d.Memory == of.memory:
			names = append(names, name)
		}
	}
	return names
}

// familyOf is the family of a type: ecs.t6 of ecs.t6-c1m1.large.
func familyOf(name string) string {
	prefix, rest, _ := strings.Cut(name, ".")
	family, _, _ := strings.Cut(rest, ".")
	family, _, _ = strings.Cut(family, "-")
	return prefix + "." + family
}
