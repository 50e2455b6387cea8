package slb

import "strconv"

// Health checks of a TCP listener connect to members
// (https://www.alibabacloud.com/help/en/slb/classic-load-balancer/developer-reference/api-slb-2014-05-15-createloadbalancertcplistener).
// Interval and thresholds are the service's defaults; the answer may take no
// longer than the interval, the least that counts, instead of 5 s. A member
// that stops to answer is out after 3 answers and the 2 intervals between,
// 10 s, and back after 3 that it gives.
const (
	checkType      = "tcp"
	checkInterval  = 2 // seconds
	checkTimeout   = 2 // seconds
	checkThreshold = 3 // for both directions
)

// ActualCheck is how a listener checks its members; what the API does not tell
// is empty.
type ActualCheck struct {
	Type               string // tcp, http
	Interval, Timeout  int    // seconds
	Healthy, Unhealthy int    // thresholds
}

func (c ActualCheck) differs() bool {
	return other(c.Type, checkType) ||
		otherNumber(c.Interval, checkInterval) || otherNumber(c.Timeout, checkTimeout) ||
		otherNumber(c.Healthy, checkThreshold) || otherNumber(c.Unhealthy, checkThreshold)
}

// check writes the health checks of a TCP listener.
func (p params) check(checked bool) {
	p.toggle("HealthCheckSwitch", checked)
	if !checked {
		return
	}
	threshold := strconv.Itoa(checkThreshold)
	p["HealthCheckType"], p["HealthyThreshold"], p["UnhealthyThreshold"] = checkType, threshold, threshold
	p.integer("HealthCheckInterval", checkInterval).integer("HealthCheckConnectTimeout", checkTimeout)
}

// checkOnCreation writes the interval as only the creation of a TCP listener
// does.
func (p params) checkOnCreation() {
	if interval, ok := p["HealthCheckInterval"]; ok {
		delete(p, "HealthCheckInterval")
		p["healthCheckInterval"] = interval
	}
}
