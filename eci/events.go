package eci

import (
	"context"
	"fmt"
)

// Events lists what the service says of container groups; SinceSecond limits
// the answer to groups with news. It is the call that tells of spot reclaim
// and of stock that ran out after a create
// (https://help.aliyun.com/zh/eci/user-guide/custom-events-of-elastic-container-instance).
func (c *Client) Events(ctx context.Context, o StatusOptions) ([]GroupEvents, error) {
	var out []GroupEvents
	for _, ids := range chunks(o.IDs) {
		p := changedParams(o, ids)
		err := c.pages(ctx, "DescribeContainerGroupEvents", p, func() page { return new(eventsWire) }, func(p page) {
			for _, w := range p.(*eventsWire).Data {
				out = append(out, GroupEvents{ID: w.ContainerGroupId, Events: mapped(w.Events, eventWire.event)})
			}
		})
		if err != nil {
			return nil, fmt.Errorf("describe container group events: %w", err)
		}
	}
	return out, nil
}

type eventsWire struct {
	NextToken string
	Data      []struct {
		ContainerGroupId string
		Events           []eventWire
	}
}

func (w *eventsWire) next() string { return w.NextToken }
