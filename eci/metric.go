package eci

import (
	"context"
	"fmt"
)

// Metrics returns samples of the groups' use by id, 20 groups a call. Groups
// without samples are missing from the map
// (https://help.aliyun.com/zh/eci/developer-reference/api-eci-2018-08-08-describemulticontainergroupmetric).
func (c *Client) Metrics(ctx context.Context, ids []string) (map[string][]MetricRecord, error) {
	out := map[string][]MetricRecord{}
	if len(ids) == 0 {
		return out, nil
	}
	for _, batch := range chunks(ids) {
		var a struct {
			MonitorDatas []struct {
				ContainerGroupId string
				Records          []recordWire
			}
		}
		p := params{"ContainerGroupIds": jsonList(batch), "MetricType": "summary"}
		if err := c.call(ctx, "DescribeMultiContainerGroupMetric", p, &a); err != nil {
			return nil, fmt.Errorf("describe metrics of %d container groups: %w", len(batch), err)
		}
		for _, m := range a.MonitorDatas {
			if len(m.Records) > 0 {
				out[m.ContainerGroupId] = mapped(m.Records, recordWire.record)
			}
		}
	}
	return out, nil
}
