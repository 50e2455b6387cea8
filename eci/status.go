package eci

import (
	"context"
	"fmt"
	"strconv"
)

// StatusOptions choose container groups; zero members do not filter.
type StatusOptions struct {
	IDs  []string
	Tags []KeyValue
	// SinceSecond limits the answer to groups that changed in the last so
	// many seconds.
	SinceSecond int
}

// statusPage is the default and most of the status and event calls.
const statusPage = 200

// Status lists the states of container groups, all pages of them: the cheap
// call, meant for polling
// (https://help.aliyun.com/zh/eci/developer-reference/api-eci-2018-08-08-describecontainergroupstatus).
func (c *Client) Status(ctx context.Context, o StatusOptions) ([]GroupStatus, error) {
	var out []GroupStatus
	for _, ids := range chunks(o.IDs) {
		p := changedParams(o, ids)
		err := c.pages(ctx, "DescribeContainerGroupStatus", p, func() page { return new(statusesWire) }, func(p page) {
			for i := range p.(*statusesWire).Data {
				out = append(out, p.(*statusesWire).Data[i].status())
			}
		})
		if err != nil {
			return nil, fmt.Errorf("describe container group status: %w", err)
		}
	}
	return out, nil
}

func changedParams(o StatusOptions, ids []string) params {
	p := params{"Limit": strconv.Itoa(statusPage)}
	p.text("ContainerGroupIds", jsonList(ids))
	p.pairs("Tag", "Key", o.Tags)
	p.integer("SinceSecond", int64(o.SinceSecond))
	return p
}

type statusesWire struct {
	NextToken string
	Data      []statusWire
}

func (w *statusesWire) next() string { return w.NextToken }
