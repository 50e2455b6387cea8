package eci

import (
	"context"
	"fmt"
	"strconv"
	"time"
)

// Caps of one DescribeContainerLog answer
// (https://help.aliyun.com/zh/eci/developer-reference/api-eci-2018-08-08-describecontainerlog).
const (
	maxLogLines = 2000
	maxLogBytes = 1 << 20
)

// Log returns the end of a container's log: at most 2,000 lines and 1 MiB,
// whatever o asks for. Without Tail the service's default of 500 lines holds.
func (c *Client) Log(ctx context.Context, id, container string, o LogOptions) (string, error) {
	var a struct{ Content string }
	if err := c.call(ctx, "DescribeContainerLog", logParams(id, container, o), &a); err != nil {
		return "", fmt.Errorf("log of container %s in %s: %w", container, id, err)
	}
	return a.Content, nil
}

func logParams(id, container string, o LogOptions) params {
	p := params{"ContainerGroupId": id, "ContainerName": container}
	p.integer("Tail", int64(min(o.Tail, maxLogLines)))
	if !o.Since.IsZero() {
		p["StartTime"] = o.Since.UTC().Format(time.RFC3339)
	}
	p.flag("LastTime", o.Previous)
	p.flag("Timestamps", o.Timestamps)
	if o.LimitBytes > 0 {
		p["LimitBytes"] = strconv.Itoa(min(o.LimitBytes, maxLogBytes))
	}
	return p
}
