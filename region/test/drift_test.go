package test

import (
	"context"
	"encoding/json"
	"fmt"
	"testing"
	"time"

	"github.com/ebb-node/ebb/alicloud"
)

// repaired is the interval of full read-backs in this region, with time to
// write while the load balancer is busy again and again.
const repaired = 30 * time.Second

// balancerRule is a rule as the API lists it.
type balancerRule struct {
	RuleID       string `json:"RuleId"`
	Domain       string
	VServerGroup string `json:"VServerGroupId"`
	ListenerSync string // off: the rule has settings of its own
}

// TestWhatOthersChangeIsRepaired changes a load balancer behind ebb's back.
func TestWhatOthersChangeIsRepaired(t *testing.T) {
	pods := workers(t, 2)
	host := rawIngress(t, "drift", "")
	slice(t, "drift", pods)
	answering(t, at(t, host, "/"), "Hello crowd!")
	cloud := cloudClient(t)
	id := gatewayID(t, cloud)
	foreign := foreignGroup(t, cloud, id)
	// Until there is a rule the relay answers.
	eventually(t, repaired, func(context.Context) error {
		if n := len(rules(t, cloud, id, host)); n != 1 {
			return fmt.Errorf("%d rules for %s, want 1", n, host)
		}
		return nil
	})

	for what, change := range map[string]func(balancerRule){
		"a rule is deleted": func(r balancerRule) {
			balancerCall(t, cloud, "DeleteRules", map[string]string{"RuleIds": mustJSON(t, []string{r.RuleID})}, nil)
		},
		"a rule is changed": func(r balancerRule) {
			balancerCall(t, cloud, "SetRule", map[string]string{
				"RuleId": r.RuleID, "ListenerSync": "off", "Scheduler": "wrr", "StickySession": "off", "HealthCheck": "on",
			}, nil)
		},
		"a member is taken out": func(r balancerRule) {
			members := groupMembers(t, cloud, r.VServerGroup)
			balancerCall(t, cloud, "RemoveVServerGroupBackendServers", map[string]string{
				"VServerGroupId": r.VServerGroup, "BackendServers": mustJSON(t, members[:1]),
			}, nil)
		},
		"a weight is changed": func(r balancerRule) {
			members := groupMembers(t, cloud, r.VServerGroup)
			members[0]["Weight"] = 1
			balancerCall(t, cloud, "SetVServerGroupAttribute", map[string]string{
				"VServerGroupId": r.VServerGroup, "BackendServers": mustJSON(t, members),
			}, nil)
		},
		"the listener is stopped": func(balancerRule) {
			balancerCall(t, cloud, "StopLoadBalancerListener", map[string]string{"LoadBalancerId": id, "ListenerPort": "80", "ListenerProtocol": "http"}, nil)
		},
		"the listener is deleted": func(balancerRule) {
			balancerCall(t, cloud, "DeleteLoadBalancerListener", map[string]string{"LoadBalancerId": id, "ListenerPort": "80", "ListenerProtocol": "http"}, nil)
		},
	} {
		t.Run(what, func(t *testing.T) {
			before := portrait(t, cloud, id, host)
			change(ruleOf(t, cloud, id, host))
			eventually(t, repaired, func(context.Context) error {
				if now := portrait(t, cloud, id, host); now != before {
					return fmt.Errorf("the load balancer has %s, want %s", now, before)
				}
				return nil
			})
			answering(t, at(t, host, "/"), "Hello crowd!")
		})
	}
	if n := len(groupMembers(t, cloud, foreign)); n != 1 {
		t.Errorf("the group of somebody else has %d members, want its 1", n)
	}
}

func mustJSON(t *testing.T, v any) string {
	t.Helper()
	text, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// gatewayID is the load balancer behind the gateway's address.
func gatewayID(t *testing.T, cloud *alicloud.Client) string {
	t.Helper()
	var answer struct {
		LoadBalancers struct {
			LoadBalancer []struct {
				LoadBalancerID string `json:"LoadBalancerId"`
			}
		}
	}
	balancerCall(t, cloud, "DescribeLoadBalancers", map[string]string{"Address": gateway(t)}, &answer)
	if n := len(answer.LoadBalancers.LoadBalancer); n != 1 {
		t.Fatalf("%d load balancers have the gateway's address", n)
	}
	return answer.LoadBalancers.LoadBalancer[0].LoadBalancerID
}

// rules of the listener, that of one host.
func rules(t *testing.T, cloud *alicloud.Client, id, host string) []balancerRule {
	t.Helper()
	var answer struct{ Rules struct{ Rule []balancerRule } }
	err := cloud.Call(t.Context(), alicloud.Request{Product: balancerAPI, Action: "DescribeRules", Params: map[string]string{
		"LoadBalancerId": id, "ListenerPort": "80", "ListenerProtocol": "http", "RegionId": "cn-hangzhou",
	}}, &answer)
	if err != nil {
		return nil // the listener is not there at the moment
	}
	var found []balancerRule
	for _, r := range answer.Rules.Rule {
		if r.Domain == host {
			found = append(found, r)
		}
	}
	return found
}

func ruleOf(t *testing.T, cloud *alicloud.Client, id, host string) balancerRule {
	t.Helper()
	found := rules(t, cloud, id, host)
	if len(found) != 1 {
		t.Fatalf("%d rules for %s, want 1", len(found), host)
	}
	return found[0]
}

// groupMembers are a group's members as the API takes them back.
func groupMembers(t *testing.T, cloud *alicloud.Client, group string) []map[string]any {
	t.Helper()
	var answer struct {
		BackendServers struct {
			BackendServer []struct {
				ServerID     string `json:"ServerId"`
				ServerIP     string `json:"ServerIp"`
				Type         string
				Port, Weight int
			}
		}
	}
	balancerCall(t, cloud, "DescribeVServerGroupAttribute", map[string]string{"VServerGroupId": group}, &answer)
	var members []map[string]any
	for _, m := range answer.BackendServers.BackendServer {
		members = append(members, map[string]any{"ServerId": m.ServerID, "ServerIp": m.ServerIP, "Type": m.Type, "Port": m.Port, "Weight": m.Weight})
	}
	return members
}

// portrait is what a host's rule leads to, whether its settings are those of
// the listener, and whether that runs.
func portrait(t *testing.T, cloud *alicloud.Client, id, host string) string {
	t.Helper()
	found := rules(t, cloud, id, host)
	if len(found) != 1 {
		return fmt.Sprintf("%d rules", len(found))
	}
	var listener struct{ Status string }
	balancerCall(t, cloud, "DescribeLoadBalancerHTTPListenerAttribute", map[string]string{"LoadBalancerId": id, "ListenerPort": "80"}, &listener)
	weights := map[string]any{}
	for _, m := range groupMembers(t, cloud, found[0].VServerGroup) {
		weights[m["ServerIp"].(string)] = m["Weight"]
	}
	return fmt.Sprintf("a %s listener, a rule with ListenerSync %s and members %v", listener.Status, found[0].ListenerSync, weights)
}

// foreignGroup is somebody else's group on the same load balancer.
func foreignGroup(t *testing.T, cloud *alicloud.Client, id string) string {
	t.Helper()
	pod := runningPod(t)
	var answer struct {
		VServerGroupID string `json:"VServerGroupId"`
	}
	balancerCall(t, cloud, "CreateVServerGroup", map[string]string{
		"LoadBalancerId": id, "VServerGroupName": "somebody-elses",
		"BackendServers": mustJSON(t, []map[string]any{{
			"ServerId": pod.Annotations["k8s.aliyun.com/eni-instance-id"], "ServerIp": pod.Status.PodIP, "Type": "eni", "Port": 80, "Weight": 100,
		}}),
	}, &answer)
	t.Cleanup(func() {
		_ = cloud.Call(context.Background(), alicloud.Request{Product: balancerAPI, Action: "DeleteVServerGroup", Params: map[string]string{
			"RegionId": "cn-hangzhou", "VServerGroupId": answer.VServerGroupID,
		}}, nil)
	})
	return answer.VServerGroupID
}
