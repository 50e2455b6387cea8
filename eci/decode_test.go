package eci

import (
	"encoding/json"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func at3(hour int) time.Time { return time.Date(2026, 3, 1, hour, 0, 0, 0, time.UTC) }

func TestDecodeGroup(t *testing.T) {
	const answer = `{
	 "RequestId":"r","TotalCount":1,"NextToken":"n",
	 "ContainerGroups":[{
	  "ContainerGroupId":"eci-1","ContainerGroupName":"web","Status":"Running","RegionId":"cn-x","ZoneId":"cn-x-a",
	  "VpcId":"vpc","VSwitchId":"vsw","SecurityGroupId":"sg","EniInstanceId":"eni-1","IntranetIp":"10.0.0.1","InternetIp":"1.1.1.1",
	  "Ipv6Address":"::1","Cpu":0.25,"Memory":"0.5","InstanceType":"t","SpotStrategy":"NoSpot","RestartPolicy":"Always","ResourceGroupId":"rg",
	  "CreationTime":"2026-03-01T01:00:00Z","SucceededTime":"","FailedTime":null,"ExpiredTime":"2026-03-01T02:00Z",
	  "Discount":0,"Tags":[{"Key":"k","Value":"v"}],
	  "Events":[{"Count":"2","Type":"Warning","Name":"n","Reason":"NoStock","Message":"m","FirstTimestamp":"2026-03-01T01:00:00Z","LastTimestamp":"2026-03-01T02:00:00Z"}],
	  "Containers":[{"Name":"app","Image":"i","Cpu":1.0,"Memory":2.0,"Ready":true,"RestartCount":3,"Unknown":{"x":1},
	    "CurrentState":{"State":"Running","DetailStatus":"d","StartTime":"2026-03-01T03:00:00Z"},
	    "PreviousState":{"State":"Terminated","Reason":"Error","Message":"m","ExitCode":137,"Signal":9,"StartTime":"2026-03-01T01:00:00Z","FinishTime":"2026-03-01T02:00:00Z"}}],
	  "InitContainers":[{"Name":"init","Ready":"false","RestartCount":"1"}]
	 }]}`
	var w groupsWire
	if err := json.Unmarshal([]byte(answer), &w); err != nil {
		t.Fatal(err)
	}
	want := Group{
		ID: "eci-1", Name: "web", Status: StatusRunning, RegionID: "cn-x", ZoneID: "cn-x-a", VPCID: "vpc", VSwitchID: "vsw",
		SecurityGroupID: "sg", ENIID: "eni-1", IntranetIP: "10.0.0.1", InternetIP: "1.1.1.1", IPv6Address: "::1",
		CPU: 0.25, Memory: 0.5, InstanceType: "t", SpotStrategy: "NoSpot", RestartPolicy: "Always", ResourceGroupID: "rg",
		CreationTime: at3(1), ExpiredTime: at3(2),
		Tags:   []KeyValue{{"k", "v"}},
		Events: []Event{{Type: "Warning", Name: "n", Reason: "NoStock", Message: "m", Count: 2, FirstTimestamp: at3(1), LastTimestamp: at3(2)}},
		Containers: []ContainerStatus{{
			Name: "app", Image: "i", CPU: 1, Memory: 2, Ready: true, RestartCount: 3,
			Current:  ContainerState{State: "Running", DetailStatus: "d", StartTime: at3(3)},
			Previous: ContainerState{State: "Terminated", Reason: "Error", Message: "m", ExitCode: 137, Signal: 9, StartTime: at3(1), FinishTime: at3(2)},
		}},
		InitContainers: []ContainerStatus{{Name: "init", RestartCount: 1}},
	}
	if diff := cmp.Diff(want, w.ContainerGroups[0].group()); diff != "" {
		t.Errorf("(-want +got): %s", diff)
	}
	if w.next() != "n" {
		t.Errorf("next page %q", w.next())
	}
}

// The status call mixes the case of its keys.
func TestDecodeStatus(t *testing.T) {
	const answer = `{"Data":[{
	 "ContainerGroupId":"eci-1","Name":"web","Namespace":"ns","Annotations":"{}","uuid":"u","status":"Pending",
	 "PodStatus":{"Phase":"Pending","podIp":"10.0.0.1","PodIps":[{"Ip":"10.0.0.1"}],"StartTime":"2026-03-01T01:00:00Z",
	  "Conditions":[{"type":"Ready","status":"False","Reason":"R","Message":"M","lastTransitionTime":"2026-03-01T02:00:00Z"}],
	  "ContainerStatuses":[
	   {"Name":"a","Image":"i","ImageID":"sha","Ready":true,"started":true,"RestartCount":1,
	    "State":{"Running":{"StartedAtstartedAt":"2026-03-01T03:00:00Z"}},
	    "LastState":{"Terminated":{"ExitCode":1,"Signal":9,"Reason":"Error","Message":"m","StartedAt":"2026-03-01T01:00:00Z","FinishedAt":"2026-03-01T02:00:00Z","ContainerID":"cid"}}},
	   {"Name":"b","State":{"running":{"startedAt":"2026-03-01T03:00:00Z"},"Waiting":{},"Terminated":{}}},
	   {"Name":"c","State":{"Waiting":{"Reason":"ImagePullBackOff","Message":"m"}}},
	   {"Name":"d","State":{"Waiting":{}}},
	   {"Name":"e","State":{"Terminated":{}}},
	   {"Name":"f"}
	  ]}}]}`
	var w statusesWire
	if err := json.Unmarshal([]byte(answer), &w); err != nil {
		t.Fatal(err)
	}
	want := GroupStatus{
		ID: "eci-1", Name: "web", Status: StatusPending, Phase: "Pending", PodIP: "10.0.0.1", StartTime: at3(1),
		Conditions: []Condition{{Type: "Ready", Status: "False", Reason: "R", Message: "M", LastTransitionTime: at3(2)}},
		Containers: []ContainerStatus{
			{
				Name: "a", Image: "i", ImageID: "sha", Ready: true, Started: ptr(true), RestartCount: 1,
				Current:  ContainerState{State: "Running", StartTime: at3(3)},
				Previous: ContainerState{State: "Terminated", ExitCode: 1, Signal: 9, Reason: "Error", Message: "m", StartTime: at3(1), FinishTime: at3(2), ContainerID: "cid"},
			},
			{Name: "b", Current: ContainerState{State: "Running", StartTime: at3(3)}},
			{Name: "c", Current: ContainerState{State: "Waiting", Reason: "ImagePullBackOff", Message: "m"}},
			{Name: "d", Current: ContainerState{State: "Waiting"}},
			{Name: "e", Current: ContainerState{State: "Terminated"}},
			{Name: "f"},
		},
	}
	if diff := cmp.Diff(want, w.Data[0].status()); diff != "" {
		t.Errorf("(-want +got): %s", diff)
	}
}

func TestDecodeMetrics(t *testing.T) {
	const record = `{"Timestamp":"2026-03-01T01:00:00Z",
	 "CPU":{"UsageNanoCores":1,"UsageCoreNanoSeconds":9007199254740993,"Limit":250,"Load":0},
	 "Memory":{"UsageBytes":"5","WorkingSet":4,"Rss":3,"Cache":2,"AvailableBytes":-1},
	 "Network":{"Interfaces":[{"Name":"eth0","RxBytes":1.5e3,"TxBytes":2,"RxErrors":null,"TxErrors":"x"}]},
	 "Containers":[{"Name":"app","CPU":{"UsageNanoCores":7},"Memory":{"WorkingSet":8}}]}`
	var w recordWire
	if err := json.Unmarshal([]byte(record), &w); err != nil {
		t.Fatal(err)
	}
	want := MetricRecord{
		Timestamp: at3(1), CPU: CPUUsage{UsageNanoCores: 1, UsageCoreNanoSeconds: 9007199254740993, Limit: 250},
		Memory:     MemoryUsage{UsageBytes: 5, WorkingSet: 4, RSS: 3, Cache: 2},
		Network:    []InterfaceUsage{{Name: "eth0", RxBytes: 1500, TxBytes: 2}},
		Containers: []ContainerUsage{{Name: "app", CPU: CPUUsage{UsageNanoCores: 7}, Memory: MemoryUsage{WorkingSet: 8}}},
	}
	if diff := cmp.Diff(want, w.record()); diff != "" {
		t.Errorf("(-want +got): %s", diff)
	}
}

func TestParseTime(t *testing.T) {
	for text, want := range map[string]time.Time{
		"2026-03-01T01:00:00Z":      at3(1),
		"2026-03-01T01:00:00.000Z":  at3(1),
		"2026-03-01T09:00:00+08:00": at3(1),
		"2026-03-01T01:00Z":         at3(1),
		"":                          {},
		"yesterday":                 {},
	} {
		if got := parseTime(text); !got.Equal(want) {
			t.Errorf("parseTime(%q) = %v, want %v", text, got, want)
		}
	}
}
