package ecs_test

import (
	"context"
	"fmt"
	"net/netip"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/ebb-node/ebb/alicloud"
	"github.com/ebb-node/ebb/ecs"
	"github.com/ebb-node/ebb/mockcloud"
	mock "github.com/ebb-node/ebb/mockcloud/ecs"
	"github.com/ebb-node/ebb/mockcloud/rpc"
)

// machines are n ECS instances from 10.240.9.0 on.
func machines(n int) (list []mock.Instance) {
	for i := range n {
		list = append(list, mock.Instance{
			ID: fmt.Sprintf("i-%d", i), VPCID: "vpc-mock",
			IP: netip.AddrFrom4([4]byte{10, 240, byte(9 + i/250), byte(i % 250)}),
		})
	}
	return list
}

func TestInterfacesByAddress(t *testing.T) {
	cloud, client := newScenario(t, mockcloud.Config{Instances: machines(150)})
	var addresses []string
	for _, m := range machines(150) {
		addresses = append(addresses, m.IP.String())
	}
	for _, test := range []struct {
		name      string
		vpc       string
		addresses []string
		calls     int
		want      []ecs.NetworkInterface
	}{
		{name: "none asked for"},
		{name: "one of two", addresses: []string{"10.240.9.3", "10.9.9.9"}, calls: 1,
			want: []ecs.NetworkInterface{{ID: "eni-3", InstanceID: "i-3", PrivateIPs: []string{"10.240.9.3"}}}},
		{name: "another VPC", vpc: "vpc-other", addresses: []string{"10.240.9.3"}, calls: 1},
		{name: "its VPC", vpc: "vpc-mock", addresses: []string{"10.240.9.4"}, calls: 1,
			want: []ecs.NetworkInterface{{ID: "eni-4", InstanceID: "i-4", PrivateIPs: []string{"10.240.9.4"}}}},
	} {
		cloud.ResetCalls()
		got, err := client.NetworkInterfacesByAddress(context.Background(), test.vpc, test.addresses)
		if diff := cmp.Diff(test.want, got); err != nil || diff != "" {
			t.Errorf("%s: %v (-want +got)\n%s", test.name, err, diff)
		}
		if calls := cloud.Counts()["DescribeNetworkInterfaces"][""]; calls != test.calls {
			t.Errorf("%s: %d calls, want %d", test.name, calls, test.calls)
		}
	}
	cloud.ResetCalls()
	all, err := client.NetworkInterfacesByAddress(context.Background(), "", addresses)
	if calls := cloud.Counts()["DescribeNetworkInterfaces"][""]; err != nil || len(all) != 150 || calls != 2 {
		t.Errorf("%d interfaces in %d calls, %v", len(all), calls, err)
	}
}

func TestInterfacesThatCannotBeRead(t *testing.T) {
	cloud, client := newScenario(t, mockcloud.Config{})
	if _, err := cloud.AddFault(rpc.Fault{Action: "DescribeNetworkInterfaces", Status: 403, Code: "Forbidden.RAM"}); err != nil {
		t.Fatal(err)
	}
	found, err := client.NetworkInterfacesByAddress(context.Background(), "", []string{"10.0.0.1"})
	if found != nil || !alicloud.IsPermission(err) {
		t.Errorf("%v, %v", found, err)
	}
}
