package slb

import (
	"context"
	"slices"
)

// groups of a load balancer, without members. The list is not paged.
func (c *Client) groups(ctx context.Context, o Owner, id string) ([]ActualGroup, error) {
	var answer struct {
		VServerGroups struct {
			VServerGroup []struct {
				VServerGroupID, VServerGroupName string
				ServerCount                      num
			}
		}
	}
	if err := c.call(ctx, "DescribeVServerGroups", params{"LoadBalancerId": id}, &answer); err != nil {
		return nil, err
	}
	out := slices.Grow[[]ActualGroup](nil, len(answer.VServerGroups.VServerGroup))
	for _, w := range answer.VServerGroups.VServerGroup {
		g := ActualGroup{ID: w.VServerGroupID, Count: int(w.ServerCount)}
		if g.Key, g.Owned = o.groupKey(w.VServerGroupName); !g.Owned {
			g.Key = ""
		}
		out = append(out, g)
	}
	return out, nil
}

// readMembers of an own group.
func (c *Client) readMembers(ctx context.Context, g *ActualGroup) error {
	var answer struct{ BackendServers membersAnswer }
	if err := c.call(ctx, "DescribeVServerGroupAttribute", params{"VServerGroupId": g.ID}, &answer); err != nil {
		return err
	}
	g.Members = nil
	for _, w := range answer.BackendServers.BackendServer {
		g.Members = append(g.Members, w.member())
	}
	g.Count = len(g.Members)
	return nil
}
