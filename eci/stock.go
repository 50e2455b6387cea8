package eci

import (
	"context"
	"fmt"
)

// Stock is what the cloud says about selling an instance type in a zone.
type Stock struct {
	ZoneID string
	Value  string // ecs.t5-lc1m2.small
	// Status is WithStock, ClosedWithStock (little), WithoutStock or
	// ClosedWithoutStock (https://help.aliyun.com/document_detail/479624.htm).
	Status string
}

// Stock asks where an instance type is sold; an empty zone asks about all. A
// type that ECI does not sell has no entry.
func (c *Client) Stock(ctx context.Context, instanceType, zoneID string) ([]Stock, error) {
	var a struct {
		AvailableZones nested[struct {
			ZoneId             string
			AvailableResources nested[struct {
				SupportedResources nested[struct {
					Value          string
					StatusCategory string
				}]
			}]
		}]
	}
	p := params{"DestinationResource.Category": "InstanceType", "DestinationResource.Value": instanceType}
	p.text("ZoneId", zoneID)
	if err := c.call(ctx, "DescribeAvailableResource", p, &a); err != nil {
		return nil, fmt.Errorf("describe where %s is sold: %w", instanceType, err)
	}
	var out []Stock
	for _, zone := range a.AvailableZones {
		for _, resource := range zone.AvailableResources {
			for _, s := range resource.SupportedResources {
				out = append(out, Stock{ZoneID: zone.ZoneId, Value: s.Value, Status: s.StatusCategory})
			}
		}
	}
	return out, nil
}
