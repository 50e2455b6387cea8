package ecs

import (
	"context"
	"fmt"
	"strconv"

	"github.com/ebb-node/ebb/alicloud"
)

// The levels of instance families that are of interest
// (https://www.alibabacloud.com/help/en/ecs/developer-reference/api-ecs-2014-05-26-describeinstancetypes).
const (
	LevelShared    = "EntryLevel"       // cheap types whose vCPUs are shared
	LevelBurstable = "CreditEntryLevel" // types that live on CPU credits
)

// InstanceType is what ECS says about one type.
type InstanceType struct {
	ID            string
	Family        string
	VCPU          float64
	MemoryGiB     float64
	InitialCredit float64 // CPU credits of a new instance; 0 if it has none
}

// page is the most that one answer holds since November 2023.
const page = 100

// InstanceTypes lists the types of a level, all pages of them.
func (c *Client) InstanceTypes(ctx context.Context, level string) ([]InstanceType, error) {
	var out []InstanceType
	params := map[string]string{"InstanceFamilyLevel": level, "MaxResults": strconv.Itoa(page)}
	for {
		var a answer
		if err := c.call(ctx, "DescribeInstanceTypes", params, &a); err != nil {
			return nil, fmt.Errorf("describe instance types of level %s: %w", level, err)
		}
		for _, t := range a.InstanceTypes.InstanceType {
			out = append(out, InstanceType{
				ID: t.InstanceTypeId, Family: t.InstanceTypeFamily,
				VCPU: t.CpuCoreCount, MemoryGiB: t.MemorySize, InitialCredit: t.InitialCredit,
			})
		}
		switch a.NextToken {
		case "":
			return out, nil
		case params["NextToken"]:
			return nil, &alicloud.Error{
				Product: product.Name, Action: "DescribeInstanceTypes", Code: alicloud.CodeBadAnswer,
				Message: "the answer names itself as its next page",
			}
		}
		params["NextToken"] = a.NextToken
	}
}

type answer struct {
	NextToken     string
	InstanceTypes struct {
		InstanceType []struct {
			InstanceTypeId     string
			InstanceTypeFamily string
			CpuCoreCount       float64
			MemorySize         float64
			InitialCredit      float64
		}
	}
}
