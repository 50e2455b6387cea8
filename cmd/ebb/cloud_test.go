package main

import "testing"

func TestRRSAUsesTheRegionsEndpoint(t *testing.T) {
	o, err := parse("--region=cn-hangzhou", "--node-ip=10.0.0.9", "--vpc-endpoint")
	if err != nil {
		t.Fatal(err)
	}
	if sts := credentialOptions(&o).STS; sts.Region != "cn-hangzhou" || !sts.VPC {
		t.Errorf("region %q, VPC %v", sts.Region, sts.VPC)
	}
}
