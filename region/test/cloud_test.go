package test

import (
	"os"
	"regexp"
	"testing"

	"github.com/ebb-node/ebb/alicloud"
	"github.com/ebb-node/ebb/region/internal/cluster"
	"github.com/ebb-node/ebb/slb"
)

// cloudClient is a client of the mock cloud, as another user of the account
// would have it.
func cloudClient(t *testing.T) *alicloud.Client {
	t.Helper()
	address, err := region.Forward(t.Context(), "127.0.0.1:0", cluster.Cloud)
	if err != nil {
		t.Fatal(err)
	}
	key, err := os.ReadFile(region.AccessKey())
	if err != nil {
		t.Fatal(err)
	}
	values := regexp.MustCompile(`(?m)=(.*)$`).FindAllStringSubmatch(string(key), 2)
	credentials, err := alicloud.StaticKey(values[0][1], values[1][1], "")
	if err != nil {
		t.Fatal(err)
	}
	cloud, err := alicloud.New(alicloud.Config{
		Region: cluster.Region, Credentials: credentials,
		Endpoints: map[string]string{"slb": "https://" + address.String()},
	})
	if err != nil {
		t.Fatal(err)
	}
	return cloud
}

// balancerClient is ebb's client of the mock cloud's load balancers.
func balancerClient(t *testing.T) *slb.Client {
	t.Helper()
	return slb.New(cloudClient(t))
}

// balancerAPI is CLB's API for calls that ebb would not make.
var balancerAPI = &alicloud.Product{Name: "Slb", Version: "2014-05-15", Classes: busyClasses()}

// busyCodes are those with which a load balancer refuses a write that comes too
// early (https://github.com/AlibabaCloudDocs/slb, Common error codes).
var busyCodes = []string{
	"ServiceIsConfiguring", "BackendServer.configuring", "VServerGroupProcessing", "OperationBusy", "ProcessingSameRequest",
	"ServiceIsStopping", "SystemBusy", "OperationFailed.ListenerStatusNotSupport", "OperationFailed.TokenIsProcessing",
	"DomainExtensionProcessing", "AclEntryProcessing",
}

// busyClasses have the client try again.
func busyClasses() map[string]alicloud.Class {
	classes := map[string]alicloud.Class{}
	for _, code := range busyCodes {
		classes[code] = alicloud.ClassBusy
	}
	return classes
}

// balancerCall does an action of CLB's behind ebb's back.
func balancerCall(t *testing.T, cloud *alicloud.Client, action string, params map[string]string, out any) {
	t.Helper()
	params["RegionId"] = cluster.Region
	if err := cloud.Call(t.Context(), alicloud.Request{Product: balancerAPI, Action: action, Params: params}, out); err != nil {
		t.Fatalf("%s %v: %v", action, params, err)
	}
}
