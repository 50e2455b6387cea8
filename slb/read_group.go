package slb

import "context"

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
	var out []ActualGroup
	for _, w := range answer.VServerGroups.VServerGroup {
		g := ActualGroup{ID: w.VServerGroupID, Name: w.VServerGroupName, Count: int(w.ServerCount)}
		g.Key, g.Owned = o.groupKey(g.Name)
		if !g.Owned {
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
