package eci

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/ebb-node/ebb/alicloud"
)

// Regions lists where the service exists
// (https://help.aliyun.com/zh/eci/developer-reference/api-eci-2018-08-08-describeregions).
func (c *Client) Regions(ctx context.Context) ([]Region, error) {
	var a struct {
		Regions []struct {
			RegionId       string
			RegionEndpoint string
			Zones          []string
		}
	}
	if err := c.call(ctx, "DescribeRegions", params{}, &a); err != nil {
		return nil, fmt.Errorf("describe regions: %w", err)
	}
	var out []Region
	for _, r := range a.Regions {
		out = append(out, Region{ID: r.RegionId, Endpoint: r.RegionEndpoint, Zones: r.Zones})
	}
	return out, nil
}

// Check asks the service one cheap question, to find a wrong set-up before
// any pod depends on it: an unknown region, a key that is not accepted, an
// endpoint that does not answer. The error is one line and names the cause.
func (c *Client) Check(ctx context.Context) error {
	region := c.cloud.Region()
	regions, err := c.Regions(ctx)
	switch {
	case err == nil:
		return regionKnown(region, regions)
	case IsUnreachable(err):
		return fmt.Errorf("ECI does not answer in region %q; check the region, the endpoint and the network: %w", region, err)
	case IsCredential(err):
		return fmt.Errorf("ECI does not accept the credentials: %w", err)
	case codeStarts(err, "InvalidRegionId"):
		return fmt.Errorf("ECI does not know region %q: %w", region, err)
	case IsPermission(err):
		// The identity is known; a role without DescribeRegions still works.
		return nil
	}
	return err
}

// regionKnown checks that region is listed. An empty list says nothing: it is
// what a missing permission looks like at times.
func regionKnown(region string, regions []Region) error {
	var ids []string
	for _, r := range regions {
		if r.ID == region {
			return nil
		}
		ids = append(ids, r.ID)
	}
	if len(ids) == 0 {
		return nil
	}
	return &alicloud.Error{
		Product: product.Name, Action: "DescribeRegions", Code: "InvalidRegionId", Class: alicloud.ClassInvalid,
		Message: fmt.Sprintf("region %q is not one of ECI's: %s", region, strings.Join(ids, ", ")),
	}
}

func codeStarts(err error, prefix string) bool {
	var e *Error
	return errors.As(err, &e) && strings.HasPrefix(e.Code, prefix)
}
