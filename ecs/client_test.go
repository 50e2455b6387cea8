package ecs_test

import (
	"context"
	"testing"

	"github.com/ebb-node/ebb/alicloud"
	"github.com/ebb-node/ebb/ecs"
	"github.com/ebb-node/ebb/mockcloud"
	"github.com/ebb-node/ebb/mockcloud/rpc"
)

func newScenario(t *testing.T, config mockcloud.Config) (*mockcloud.Server, *ecs.Client) {
	t.Helper()
	cloud, err := mockcloud.NewServer(config)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = cloud.Close() })
	key, err := alicloud.StaticKey(cloud.AccessKeyID, cloud.AccessKeySecret, "")
	if err != nil {
		t.Fatal(err)
	}
	shared, err := alicloud.New(alicloud.Config{
		Region: cloud.RegionID, Credentials: key, Endpoints: map[string]string{"ecs": cloud.URL},
		Retry: &alicloud.RetryPolicy{Attempts: 1},
	})
	if err != nil {
		t.Fatal(err)
	}
	return cloud, ecs.New(shared)
}

func TestInstanceTypesOfALevel(t *testing.T) {
	cloud, client := newScenario(t, mockcloud.Config{})
	types, err := client.InstanceTypes(context.Background(), ecs.LevelBurstable)
	if err != nil {
		t.Fatal(err)
	}
	found := map[string]ecs.InstanceType{}
	for _, typ := range types {
		found[typ.ID] = typ
		if typ.Family != "ecs.t5" && typ.Family != "ecs.t6" {
			t.Errorf("%+v is not burstable", typ)
		}
	}
	want := ecs.InstanceType{ID: "ecs.t5-lc2m1.nano", Family: "ecs.t5", VCPU: 1, MemoryGiB: 0.5, InitialCredit: 30}
	if len(found) != 23 || found[want.ID] != want {
		t.Errorf("%d types, %+v", len(found), found[want.ID])
	}
	if got := cloud.Counts()["DescribeInstanceTypes"][""]; got != 1 {
		t.Errorf("%d calls", got)
	}
	shared, err := client.InstanceTypes(context.Background(), ecs.LevelShared)
	if err != nil || len(shared) == 0 {
		t.Fatalf("%d shared types, %v", len(shared), err)
	}
	for _, typ := range shared {
		if typ.InitialCredit != 0 {
			t.Errorf("%+v has credits", typ)
		}
	}
}

func TestAFailureNamesTheCall(t *testing.T) {
	cloud, client := newScenario(t, mockcloud.Config{})
	if _, err := cloud.AddFault(rpc.Fault{Action: "DescribeInstanceTypes", Status: 403, Code: "Forbidden.RAM"}); err != nil {
		t.Fatal(err)
	}
	types, err := client.InstanceTypes(context.Background(), ecs.LevelBurstable)
	if types != nil || !alicloud.IsPermission(err) {
		t.Errorf("%d types, %v", len(types), err)
	}
}
