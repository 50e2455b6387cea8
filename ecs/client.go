package ecs

import (
	"context"

	"github.com/ebb-node/ebb/alicloud"
)

// Client calls ECS. It is safe for concurrent use.
type Client struct{ cloud *alicloud.Client }

// New returns a client over the cloud's shared one.
func New(c *alicloud.Client) *Client { return &Client{cloud: c} }

func (c *Client) call(ctx context.Context, action string, params map[string]string, out any) error {
	return c.cloud.Call(ctx, alicloud.Request{Product: product, Action: action, Params: params}, out)
}

// product is ECS's API as package alicloud needs to know it. No quota of its
// describe actions is documented by number.
var product = &alicloud.Product{Name: "Ecs", Version: "2014-05-26", Endpoint: endpoint}

// endpoint is the host of a region
// (https://www.alibabacloud.com/help/en/ecs/developer-reference/api-ecs-2014-05-26-endpoint).
func endpoint(region string, vpc bool) string {
	if vpc {
		return "ecs-vpc." + region + ".aliyuncs.com"
	}
	return "ecs." + region + ".aliyuncs.com"
}
