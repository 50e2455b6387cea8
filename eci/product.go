package eci

import (
	"strings"

	"github.com/ebb-node/ebb/alicloud"
)

// product is ECI's API as package alicloud needs to know it.
var product = &alicloud.Product{
	Name:     "Eci",
	Version:  "2018-08-08",
	Endpoint: endpoint,
	Limits:   limits,
	Classes:  classes,
	Secret:   secret,
}

// endpoint is the host of a region
// (https://help.aliyun.com/zh/eci/developer-reference/api-eci-2018-08-08-endpoint).
func endpoint(region string, vpc bool) string {
	if vpc {
		return "eci-vpc." + region + ".aliyuncs.com"
	}
	return "eci." + region + ".aliyuncs.com"
}

// limits are the documented quotas
// (https://help.aliyun.com/zh/eci/developer-reference/api-eci-2018-08-08-quota);
// where two pages disagree the smaller one.
var limits = map[string]alicloud.Limit{
	"CreateContainerGroup":              {Rate: 20, Burst: 100},
	"DeleteContainerGroup":              {Rate: 20, Burst: 100},
	"DescribeContainerGroups":           alicloud.PerMinute(2000),
	"DescribeContainerGroupStatus":      alicloud.PerMinute(10000),
	"DescribeContainerGroupEvents":      alicloud.PerMinute(10000),
	"DescribeContainerLog":              alicloud.PerMinute(500),
	"ExecContainerCommand":              alicloud.PerMinute(500),
	"DescribeMultiContainerGroupMetric": alicloud.PerMinute(500),
	"DescribeContainerGroupPrice":       alicloud.PerMinute(1000),
	"DescribeRegions":                   alicloud.PerMinute(10000),
}

// secret tells which parameters hold what a user hides: values of environment
// variables, files, passwords, volume options (OSS keys) and exec commands.
func secret(param string) bool {
	return strings.HasSuffix(param, ".Password") ||
		strings.HasSuffix(param, ".Content") ||
		strings.HasSuffix(param, ".FlexVolume.Options") ||
		strings.HasSuffix(param, ".Value") && strings.Contains(param, ".EnvironmentVar.") ||
		strings.HasSuffix(param, ".Value") && strings.Contains(param, "HttpHeader.") ||
		param == "Command"
}
