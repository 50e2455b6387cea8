package translate

import (
	"fmt"
	"strconv"
	"strings"
)

// network translates public addresses, IPv6, fixed addresses and bandwidth.
func (t *translator) network() {
	t.elasticIP()
	t.ipv6()
	t.fixedIP()
	t.bandwidth(keyIngressBandwidth, "IngressBandwidth")
	t.bandwidth(keyEgressBandwidth, "EgressBandwidth")
}

// elasticIP binds an EIP, or has a new one created; the new one wins.
// https://help.aliyun.com/zh/eci/user-guide/enable-internet-access-1
func (t *translator) elasticIP() {
	if !t.boolean(keyWithEIP) {
		t.ignore("there is no "+Prefix+keyWithEIP, keyEIPBandwidth, keyEIPPackage, keyEIPPackageOld, keyEIPISP)
		if id := t.value(keyEIPInstanceID); id != "" {
			t.request.Extra["EipInstanceId"] = id
		}
		return
	}
	t.ignore("a new EIP is asked for by "+Prefix+keyWithEIP, keyEIPInstanceID)
	t.request.Extra["AutoCreateEip"] = "true"
	if mbit, ok := t.integer(keyEIPBandwidth, 1, maxMbit); ok {
		t.request.Extra["EipBandwidth"] = strconv.Itoa(mbit)
	}
	if _, id := t.first(keyEIPPackage, keyEIPPackageOld); id != "" {
		t.request.Extra["EipCommonBandwidthPackage"] = id
	}
	if isp, ok := t.choice(keyEIPISP, "BGP", "BGP_PRO"); ok {
		t.request.Extra["EipISP"] = isp
	}
}

// maxMbit catches a bandwidth given in another unit; accounts have limits of
// their own below it.
const maxMbit = 100_000

// ipv6 asks for one IPv6 address and for its public bandwidth.
func (t *translator) ipv6() {
	count, counted := t.integer(keyIPv6Count, 0, 1)
	if t.boolean(keyEnableIPv6) || counted && count == 1 {
		t.request.Extra["Ipv6AddressCount"] = "1"
	}
	if !t.boolean(keyIPv6Public) {
		t.ignore("there is no "+Prefix+keyIPv6Public, keyIPv6Bandwidth)
		return
	}
	t.request.Extra["Ipv6GatewayBandwidthEnable"] = "true"
	v := t.value(keyIPv6Bandwidth)
	if v == "" {
		return
	}
	mbit, err := strconv.Atoi(strings.TrimSuffix(v, "M"))
	if err != nil || mbit < 1 || mbit > maxMbit {
		t.refuse(field(keyIPv6Bandwidth), fmt.Sprintf("%q is not a bandwidth in Mbit/s, such as 100M", v), "")
		return
	}
	t.request.Extra["Ipv6GatewayBandwidth"] = strconv.Itoa(mbit)
}

// fixedIP keeps the address for a later pod of the same name.
func (t *translator) fixedIP() {
	if !t.boolean(keyFixedIP) {
		t.ignore("there is no "+Prefix+keyFixedIP, keyFixedIPRetainHour)
		return
	}
	t.request.Extra["FixedIp"] = "true"
	if hours, ok := t.integer(keyFixedIPRetainHour, 1, maxRetainHours); ok {
		t.request.Extra["FixedIpRetainHour"] = strconv.Itoa(hours)
	}
}

// maxRetainHours is a year; the API documents no limit.
const maxRetainHours = 365 * 24
