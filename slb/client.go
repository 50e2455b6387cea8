package slb

import (
	"context"
	"encoding/json"
	"strconv"

	"github.com/ebb-node/ebb/alicloud"
)

// Client calls CLB. It is safe for concurrent use; writes to one load balancer
// must come from one Writer.
type Client struct {
	cloud caller
}

// caller is what a Client needs of *alicloud.Client.
type caller interface {
	Call(ctx context.Context, r alicloud.Request, out any) error
	Region() string
}

// New returns a client over the cloud's shared one.
func New(c *alicloud.Client) *Client { return &Client{cloud: c} }

// params are wire parameters by name; empty ones are left out.
type params map[string]string

func (p params) text(name, value string) params {
	if value != "" {
		p[name] = value
	}
	return p
}

func (p params) integer(name string, value int) params {
	if value != 0 {
		p[name] = strconv.Itoa(value)
	}
	return p
}

func (p params) toggle(name string, value bool) params {
	p[name] = onOff(value)
	return p
}

// tags writes a list of key-value pairs, sorted, so that equal calls are equal.
func (p params) tags(tags map[string]string) params {
	for i, key := range sortedKeys(tags) {
		name := "Tag." + strconv.Itoa(i+1)
		p[name+".Key"], p[name+".Value"] = key, tags[key]
	}
	return p
}

// call sends an action that may be repeated.
func (c *Client) call(ctx context.Context, action string, p params, out any) error {
	return c.send(ctx, action, p, out, false)
}

// once sends an action that would happen twice when repeated after a lost
// answer; reading back tells what became of it.
func (c *Client) once(ctx context.Context, action string, p params, out any) error {
	return c.send(ctx, action, p, out, true)
}

func (c *Client) send(ctx context.Context, action string, p params, out any, once bool) error {
	p["RegionId"] = c.cloud.Region()
	return c.cloud.Call(ctx, alicloud.Request{Product: product, Action: action, Params: p, Once: once}, out)
}

// jsonText is how the API takes lists.
func jsonText(v any) string {
	text, _ := json.Marshal(v) // plain structs and strings always marshal
	return string(text)
}
