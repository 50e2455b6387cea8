package mockcloud_test

import (
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"testing"
	"time"

	"github.com/ebb-node/ebb/mockcloud"
	"github.com/ebb-node/ebb/mockcloud/balancer"
	"github.com/ebb-node/ebb/mockcloud/ecs"
	"github.com/ebb-node/ebb/mockcloud/internal/wire"
	"github.com/ebb-node/ebb/mockcloud/slb"
)

// of is the bench as a client of another product.
func (b bench) of(version string) bench {
	b.client.Version = version
	return b
}

type balancerIDs struct{ LoadBalancerId, VServerGroupId, Address string }

// serverGroup makes a load balancer with a vServer group.
func (b bench) serverGroup() balancerIDs {
	b.Helper()
	ids := call[balancerIDs](b, "CreateLoadBalancer", nil)
	made := call[balancerIDs](b, "CreateVServerGroup", wire.Params{"LoadBalancerId": ids.LoadBalancerId})
	ids.VServerGroupId = made.VServerGroupId
	return ids
}

func TestMembersAreContainerGroupsThatRun(t *testing.T) {
	b := newBench(t, mockcloud.Config{Latencies: latencies(time.Second, 0, 0, 0, 0)})
	id := b.create()
	lb := b.of(slb.Version)
	ids := lb.serverGroup()
	suffix := id[len("eci-"):]
	add := wire.Params{"VServerGroupId": ids.VServerGroupId, "BackendServers": `[{"ServerId":"` + id + `","Port":"8012","Type":"eci"}]`}
	lb.refused("ObtainIpFail", "AddVServerGroupBackendServers", add)

	b.server.Advance(2 * time.Second)
	g := b.group(id)
	if g.Status != "Running" || g.EniInstanceId != "eni-"+suffix {
		t.Fatalf("%s with %s", g.Status, g.EniInstanceId)
	}
	add["BackendServers"] = fmt.Sprintf(`[{"ServerId":%q,"ServerIp":"10.0.0.1","Port":"8012","Type":"eni"}]`, g.EniInstanceId)
	lb.refused("ObtainIpFail", "AddVServerGroupBackendServers", add)
	add["BackendServers"] = fmt.Sprintf(`[{"ServerId":%q,"ServerIp":%q,"Port":"8012","Type":"eni"}]`, g.EniInstanceId, g.IntranetIp)
	call[any](lb, "AddVServerGroupBackendServers", add)

	call[any](b, "DeleteContainerGroup", wire.Params{"ContainerGroupId": id})
	b.server.Advance(time.Minute)
	other := lb.serverGroup()
	add["VServerGroupId"] = other.VServerGroupId
	lb.refused("ObtainIpFail", "AddVServerGroupBackendServers", add)
}

type interfaces struct {
	NextToken            string
	TotalCount           int
	NetworkInterfaceSets struct {
		NetworkInterfaceSet []struct{ NetworkInterfaceId, PrivateIpAddress, Status, InstanceId, VpcId, Type string }
	}
}

func TestNetworkInterfacesByAddress(t *testing.T) {
	b := newBench(t, mockcloud.Config{Instances: []ecs.Instance{{ID: "i-relay", IP: netip.MustParseAddr("10.240.200.1"), VPCID: "vpc-mock"}}})
	for range 12 {
		b.create()
	}
	b.server.Advance(time.Second)
	one := b.group(b.create())
	b.server.Advance(time.Second)
	one = b.group(one.ContainerGroupId)
	vm := b.of(ecs.Version)
	found := call[interfaces](vm, "DescribeNetworkInterfaces", wire.Params{
		"PrivateIpAddress.1": one.IntranetIp, "PrivateIpAddress.2": "10.240.200.1", "PrivateIpAddress.3": "10.9.9.9",
		"VpcId": "vpc-mock", "Status": "InUse", "MaxResults": "100",
	})
	got := map[string]string{}
	for _, i := range found.NetworkInterfaceSets.NetworkInterfaceSet {
		got[i.PrivateIpAddress] = i.NetworkInterfaceId + " " + i.InstanceId + " " + i.Type + " " + i.Status
	}
	if len(got) != 2 || got[one.IntranetIp] != one.EniInstanceId+" "+one.ContainerGroupId+" Secondary InUse" ||
		got["10.240.200.1"] != "eni-relay i-relay Primary InUse" {
		t.Errorf("found %v", got)
	}
	page := call[interfaces](vm, "DescribeNetworkInterfaces", wire.Params{"MaxResults": "1"})
	if n := len(page.NetworkInterfaceSets.NetworkInterfaceSet); n != 10 || page.TotalCount != 14 || page.NextToken == "" {
		t.Errorf("%d of %d, next %q", n, page.TotalCount, page.NextToken)
	}
	page = call[interfaces](vm, "DescribeNetworkInterfaces", wire.Params{"NextToken": page.NextToken})
	if n := len(page.NetworkInterfaceSets.NetworkInterfaceSet); n != 4 || page.NextToken != "" {
		t.Errorf("%d, next %q", n, page.NextToken)
	}
	many := wire.Params{}
	for i := range 101 {
		many[fmt.Sprint("PrivateIpAddress.", i+1)] = "10.0.0.1"
	}
	vm.refused("InvalidParameter", "DescribeNetworkInterfaces", many)
	vm.refused("InvalidParameter", "DescribeNetworkInterfaces", wire.Params{"Status": "Lost"})
	vm.refused("InvalidParameter", "DescribeNetworkInterfaces", wire.Params{"PrivateIpAddress.1": "ten"})
	gone := call[interfaces](vm, "DescribeNetworkInterfaces", wire.Params{"VpcId": "vpc-other"})
	if gone.TotalCount != 0 {
		t.Errorf("in another VPC: %d", gone.TotalCount)
	}
}

// TestTrafficFollowsTheAPI has a real data plane on loopback addresses.
func TestTrafficFollowsTheAPI(t *testing.T) {
	web := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		io.WriteString(w, r.Host+" "+r.Header.Get("X-Forwarded-Proto"))
	}))
	defer web.Close()
	addr := web.Listener.Addr().(*net.TCPAddr).AddrPort()
	plane := balancer.New(balancer.Config{})
	defer plane.Close()
	b := newBench(t, mockcloud.Config{
		Instances: []ecs.Instance{{ID: "i-web", IP: addr.Addr()}},
		LoadBalancing: mockcloud.LoadBalancing{
			Internet: netip.MustParsePrefix("127.77.0.0/24"), Intranet: netip.MustParsePrefix("127.78.0.0/24"), DataPlane: plane,
		},
	}).of(slb.Version)
	ids := b.serverGroup()
	port := fmt.Sprint(addr.Port()) // free on the load balancer's address too
	ref := wire.Params{"LoadBalancerId": ids.LoadBalancerId, "ListenerPort": port, "ListenerProtocol": "http"}
	call[any](b, "CreateLoadBalancerHTTPListener", wire.Params{
		"LoadBalancerId": ids.LoadBalancerId, "ListenerPort": port, "VServerGroupId": ids.VServerGroupId,
		"StickySession": "off", "HealthCheck": "off", "XForwardedFor_proto": "on",
	})
	get := func() string {
		client := http.Client{Transport: &http.Transport{DisableKeepAlives: true}}
		request, err := http.NewRequest("GET", "http://"+ids.Address+":"+port, nil)
		if err != nil {
			t.Fatal(err)
		}
		request.Host = "a.example.com"
		response, err := client.Do(request)
		if err != nil {
			return "refused"
		}
		defer response.Body.Close()
		text, _ := io.ReadAll(response.Body)
		if response.StatusCode != http.StatusOK {
			return fmt.Sprint(response.StatusCode)
		}
		return string(text)
	}
	member := func(weight int) wire.Params {
		return wire.Params{"VServerGroupId": ids.VServerGroupId,
			"BackendServers": fmt.Sprintf(`[{"ServerId":"i-web","Port":%s,"Weight":%d}]`, port, weight)}
	}
	for _, step := range []struct {
		action string
		params wire.Params
		want   string
	}{
		{"SetLoadBalancerName", wire.Params{"LoadBalancerId": ids.LoadBalancerId, "LoadBalancerName": "still-stopped"}, "refused"},
		{"StartLoadBalancerListener", ref, "503"},
		{"AddVServerGroupBackendServers", member(100), "a.example.com http"},
		{"SetVServerGroupAttribute", member(0), "503"},
		{"SetVServerGroupAttribute", member(1), "a.example.com http"},
		{"StopLoadBalancerListener", ref, "refused"},
	} {
		call[any](b, step.action, step.params)
		if got := get(); got != step.want {
			t.Errorf("after %s: %s, want %s", step.action, got, step.want)
		}
	}
}
