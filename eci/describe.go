package eci

import (
	"context"
	"fmt"
	"strconv"
)

// DescribeOptions choose container groups; zero members do not filter.
type DescribeOptions struct {
	IDs    []string
	Tags   []KeyValue
	Status Status
	// WithEvent adds the groups' last 50 events.
	WithEvent bool
}

// groupPage is both default and most of DescribeContainerGroups.
const groupPage = 20

// Describe lists container groups, all pages of them. Groups that do not exist
// are left out of the answer. So are all groups when the permission is
// missing: an empty answer does not prove that a group is gone
// (https://help.aliyun.com/zh/eci/developer-reference/api-eci-2018-08-08-describecontainergroups).
func (c *Client) Describe(ctx context.Context, o DescribeOptions) ([]Group, error) {
	var out []Group
	seen := map[string]bool{}
	for _, ids := range chunks(o.IDs) {
		err := c.pages(ctx, "DescribeContainerGroups", groupParams(o, ids), func() page { return new(groupsWire) }, func(p page) {
			for _, w := range p.(*groupsWire).ContainerGroups {
				// A group that is made while the pages turn may shift
				// another onto two of them.
				if !seen[w.ContainerGroupId] {
					seen[w.ContainerGroupId] = true
					out = append(out, w.group())
				}
			}
		})
		if err != nil {
			return nil, fmt.Errorf("describe container groups: %w", err)
		}
	}
	return out, nil
}

// DescribeOne returns one container group; ok is false when the answer lacks
// it.
func (c *Client) DescribeOne(ctx context.Context, id string) (g Group, ok bool, err error) {
	groups, err := c.Describe(ctx, DescribeOptions{IDs: []string{id}})
	if err != nil {
		return Group{}, false, err
	}
	for _, g := range groups {
		if g.ID == id {
			return g, true, nil
		}
	}
	return Group{}, false, nil
}

func groupParams(o DescribeOptions, ids []string) params {
	p := params{"Limit": strconv.Itoa(groupPage)}
	p.text("ContainerGroupIds", jsonList(ids))
	p.text("Status", string(o.Status))
	p.pairs("Tag", "Key", o.Tags)
	p.flag("WithEvent", o.WithEvent)
	return p
}

type groupsWire struct {
	NextToken       string
	ContainerGroups []groupWire
}

func (w *groupsWire) next() string { return w.NextToken }
