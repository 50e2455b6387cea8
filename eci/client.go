package eci

import (
	"context"
	"encoding/json"
	"sync/atomic"

	"github.com/ebb-node/ebb/alicloud"
	"k8s.io/utils/clock"
)

// Client calls ECI. It is safe for concurrent use.
type Client struct {
	cloud caller
	clock clock.Clock

	// dialect is what exec connections were last found to speak.
	dialect atomic.Int32
	// followers counts the Follow calls under way, which share a quota.
	followers atomic.Int64
}

// caller is what a Client needs of *alicloud.Client.
type caller interface {
	Call(ctx context.Context, r alicloud.Request, out any) error
	Region() string
}

// New returns a client over the cloud's shared one.
func New(c *alicloud.Client) *Client { return &Client{cloud: c, clock: clock.RealClock{}} }

func (c *Client) call(ctx context.Context, action string, p params, out any) error {
	return c.cloud.Call(ctx, alicloud.Request{Product: product, Action: action, Params: p}, out)
}

// maxIDs is how many ids one call takes
// (https://help.aliyun.com/zh/eci/developer-reference/api-eci-2018-08-08-describecontainergroups).
const maxIDs = 20

// chunks cuts ids into lists that one call takes. No ids make one empty list:
// a call without a filter.
func chunks(ids []string) [][]string {
	if len(ids) == 0 {
		return [][]string{nil}
	}
	var out [][]string
	for len(ids) > maxIDs {
		out, ids = append(out, ids[:maxIDs]), ids[maxIDs:]
	}
	return append(out, ids)
}

// jsonList is how the API takes lists of ids and command words: one string
// with a JSON array.
func jsonList(list []string) string {
	if len(list) == 0 {
		return ""
	}
	text, _ := json.Marshal(list) // strings always marshal
	return string(text)
}
