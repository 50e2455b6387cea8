package mockcloud_test

import (
	"testing"
	"time"

	"github.com/ebb-node/ebb/mockcloud"
	"github.com/ebb-node/ebb/mockcloud/internal/wire"
)

// newCloud starts a cloud and a client of it.
func newCloud(t *testing.T, c mockcloud.Config) (*mockcloud.Server, wire.Client) {
	t.Helper()
	server, err := mockcloud.NewServer(c)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := server.Close(); err != nil {
			t.Error(err)
		}
	})
	return server, wire.Client{
		URL: server.URL, AccessKeyID: server.AccessKeyID, AccessKeySecret: server.AccessKeySecret,
		RegionID: server.RegionID, Version: "2018-08-08",
	}
}

// minimal is the least that makes a group.
func minimal() wire.Params {
	return wire.Params{"ContainerGroupName": "web", "Container.1.Name": "app", "Container.1.Image": "nginx"}
}

type created struct{ ContainerGroupId string }

type status struct {
	Data []struct {
		ContainerGroupId string
		Status           string
		PodStatus        struct {
			Phase, PodIp      string
			ContainerStatuses []struct {
				Name         string
				Ready        bool
				RestartCount int
				State        struct {
					Running    *struct{ StartedAtstartedAt string }
					Terminated *struct{ ExitCode int }
				}
			}
		}
	}
	NextToken  string
	TotalCount int
}

func TestZeroConfigRunsAGroup(t *testing.T) {
	server, client := newCloud(t, mockcloud.Config{Frozen: true})
	var made created
	if err := client.Call("CreateContainerGroup", minimal(), &made); err != nil {
		t.Fatal(err)
	}
	var s status
	if err := client.Call("DescribeContainerGroupStatus", nil, &s); err != nil {
		t.Fatal(err)
	}
	if len(s.Data) != 1 || s.Data[0].Status != "Scheduling" || s.Data[0].PodStatus.PodIp != "" {
		t.Fatalf("before any time passed: %+v", s)
	}
	server.Advance(time.Second)
	if err := client.Call("DescribeContainerGroupStatus", nil, &s); err != nil {
		t.Fatal(err)
	}
	if s.Data[0].Status != "Running" || s.Data[0].PodStatus.PodIp == "" || !s.Data[0].PodStatus.ContainerStatuses[0].Ready {
		t.Fatalf("after a second: %+v", s)
	}
	if err := client.Call("DeleteContainerGroup", wire.Params{"ContainerGroupId": made.ContainerGroupId}, nil); err != nil {
		t.Fatal(err)
	}
	server.Advance(time.Second)
	if err := client.Call("DescribeContainerGroupStatus", nil, &s); err != nil {
		t.Fatal(err)
	}
	if len(s.Data) != 0 {
		t.Fatalf("after deletion: %+v", s)
	}
}
