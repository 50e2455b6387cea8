package slb

import (
	"slices"
	"strconv"

	"github.com/ebb-node/ebb/mockcloud/balancer"
	"github.com/ebb-node/ebb/mockcloud/rpc"
)

// healthRequest is DescribeHealthStatus
// (https://www.alibabacloud.com/help/en/slb/classic-load-balancer/developer-reference/api-slb-2014-05-15-describehealthstatus).
type healthRequest struct {
	balancerRef
	ListenerPort     *int
	ListenerProtocol string
}

// memberHealth is a member in the answer. Its weight is a string.
type memberHealth struct {
	ServerId           string
	ServerIp           string
	Port               int
	Weight             string
	Type               string
	Description        string
	ListenerPort       int
	Protocol           string
	ServerHealthStatus string
}

func (s *Service) describeHealth(call *rpc.Call, r *healthRequest) (any, error) {
	known := s.effects.health(r.LoadBalancerId)
	return s.look(call, healthQuery{r, known})
}

// healthQuery joins what was asked and what the data plane knows.
type healthQuery struct {
	*healthRequest
	known []balancer.MemberHealth
}

// answer lists the members of listeners' own groups. Whether the service also
// lists members that only rules lead to is not documented; here it does not.
func (q healthQuery) answer(s *state, _ *world) (any, error) {
	lb, err := s.balancer(q.LoadBalancerId)
	if err != nil {
		return nil, err
	}
	if q.ListenerPort != nil && lb.listenerIndex(*q.ListenerPort, q.ListenerProtocol) < 0 {
		return nil, listenerNotFound(*q.ListenerPort)
	}
	list := []memberHealth{}
	for _, l := range lb.listeners {
		if (q.ListenerPort != nil && *q.ListenerPort != l.port) || (q.ListenerProtocol != "" && q.ListenerProtocol != l.protocol) {
			continue
		}
		if g, ok := s.groups[l.target.VServerGroupId]; ok {
			list = append(list, q.members(l, g)...)
		}
	}
	var a struct {
		BackendServers struct{ BackendServer []memberHealth }
	}
	a.BackendServers.BackendServer = list
	return a, nil
}

func (q healthQuery) members(l *listener, g *serverGroup) []memberHealth {
	list := make([]memberHealth, 0, len(g.members))
	for _, m := range g.members {
		list = append(list, memberHealth{
			ServerId: m.serverID, ServerIp: addressText(m.ip), Port: m.port, Weight: strconv.Itoa(m.weight),
			Type: m.kind, Description: m.description, ListenerPort: l.port, Protocol: l.protocol,
			ServerHealthStatus: string(q.status(l, g, m)),
		})
	}
	return list
}

// status is what the data plane found out. A member of weight 0 is shown as
// normal, and without checks or knowledge the status is unavailable.
func (q healthQuery) status(l *listener, g *serverGroup, m member) balancer.Status {
	if !l.policy().HealthCheck.Enabled {
		return balancer.StatusUnavailable
	}
	if m.weight == 0 {
		return balancer.StatusNormal
	}
	i := slices.IndexFunc(q.known, func(h balancer.MemberHealth) bool {
		return h.Port == l.port && h.Group == g.id && h.Member.ServerID == m.serverID &&
			h.Member.IP == m.ip && h.Member.Port == m.port
	})
	if i < 0 {
		return balancer.StatusUnavailable
	}
	return q.known[i].Status
}
