package balancer

import (
	"cmp"
	"slices"
	"strings"
	"time"
)

// HealthCheck is how members are probed. Its zero value is off: every member
// is eligible.
type HealthCheck struct {
	Enabled bool
	Type    CheckType // empty is CheckHTTP, on a TCP listener CheckTCP

	Method    string // HEAD or GET; empty is HEAD
	URI       string // empty is /
	Domain    string // Host of the probe; empty or $_ip is the member's address
	HTTPCodes string // list of http_2xx to http_5xx; empty is http_2xx

	Port     int           // zero is the member's own
	Interval time.Duration // between probes; zero is DefaultCheckInterval
	// Timeout of a probe; zero is DefaultCheckTimeout, and one shorter than
	// the interval is the interval.
	Timeout            time.Duration
	HealthyThreshold   int // zero is DefaultCheckThreshold
	UnhealthyThreshold int // zero is DefaultCheckThreshold
}

// CheckType is how a probe speaks.
type CheckType string

// The types of probes.
const (
	CheckHTTP CheckType = "http"
	CheckTCP  CheckType = "tcp"
)

// Status of a member, in the words of DescribeHealthStatus.
type Status string

// The states of a member.
const (
	StatusNormal      Status = "normal"
	StatusAbnormal    Status = "abnormal"
	StatusUnavailable Status = "unavailable" // checks off, or not yet known
)

// MemberHealth is how a member stands as backend of a listener.
type MemberHealth struct {
	Port     int // of the listener
	Protocol Protocol
	Group    string
	Member   Member
	Status   Status
}

// withDefaults fills what is not said.
func (c HealthCheck) withDefaults(listener Protocol) HealthCheck {
	if c.Type == "" {
		c.Type = CheckHTTP
		if listener == TCP {
			c.Type = CheckTCP
		}
	}
	c.Method = cmp.Or(strings.ToUpper(c.Method), "HEAD")
	c.URI = cmp.Or(c.URI, "/")
	c.HTTPCodes = cmp.Or(c.HTTPCodes, "http_2xx")
	c.Interval = cmp.Or(c.Interval, DefaultCheckInterval)
	c.Timeout = max(cmp.Or(c.Timeout, DefaultCheckTimeout), c.Interval)
	c.HealthyThreshold = cmp.Or(c.HealthyThreshold, DefaultCheckThreshold)
	c.UnhealthyThreshold = cmp.Or(c.UnhealthyThreshold, DefaultCheckThreshold)
	return c
}

// accepts reports whether an HTTP status counts as healthy.
func (c HealthCheck) accepts(status int) bool {
	class := "http_" + string(rune('0'+status/100)) + "xx"
	return slices.Contains(strings.Split(c.HTTPCodes, ","), class)
}
