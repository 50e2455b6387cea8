package slb

import (
	"regexp"
	"strings"

	"github.com/ebb-node/ebb/mockcloud/rpc"
)

// Settings are parameters that a listener (or a rule) keeps. They are named as
// in calls and answers alike; nil is not given.

// sharedSettings are those of every listener.
type sharedSettings struct {
	Bandwidth   *int    `json:",omitempty"` // Mbit/s; -1: not limited
	Scheduler   *string `json:",omitempty"`
	Description *string `json:",omitempty"`
	AclStatus   *string `json:",omitempty"`
	AclType     *string `json:",omitempty"`
	AclId       *string `json:",omitempty"`
}

func (c *sharedSettings) fill() {
	standard(&c.Bandwidth, -1)
	standard(&c.Scheduler, "wrr")
	standard(&c.AclStatus, "off")
}

func (c *sharedSettings) validate(schedulers ...string) error {
	if c.Bandwidth != nil && *c.Bandwidth != -1 {
		if err := inRange("Bandwidth", c.Bandwidth, 1, 5120); err != nil {
			return err
		}
	}
	return firstError(
		oneOf("Scheduler", c.Scheduler, schedulers...),
		length("Description", c.Description, 1, 256),
		onOff("AclStatus", c.AclStatus),
		oneOf("AclType", c.AclType, "white", "black"),
		c.validateACL(),
	)
}

func (c *sharedSettings) validateACL() error {
	if value(c.AclStatus) != "on" {
		return nil
	}
	return firstError(given("AclId", value(c.AclId)), given("AclType", value(c.AclType)))
}

// stickySettings are session persistence of layer 7.
type stickySettings struct {
	StickySession     *string `json:",omitempty"`
	StickySessionType *string `json:",omitempty"`
	CookieTimeout     *int    `json:",omitempty"` // seconds
	Cookie            *string `json:",omitempty"`
}

var cookieName = regexp.MustCompile(`^[!-+\--:<-~]{1,200}$`) // no space , ;

func (c *stickySettings) validate() error {
	if err := firstError(
		onOff("StickySession", c.StickySession),
		oneOf("StickySessionType", c.StickySessionType, "insert", "server"),
		inRange("CookieTimeout", c.CookieTimeout, 1, 86400),
	); err != nil {
		return err
	}
	if c.Cookie != nil && (!cookieName.MatchString(*c.Cookie) || strings.HasPrefix(*c.Cookie, "$")) {
		return rpc.InvalidParameter("Cookie", "1 to 200 characters without comma, semicolon, space or leading $ are wanted")
	}
	if value(c.StickySession) != "on" {
		return nil
	}
	switch value(c.StickySessionType) {
	case "insert":
		if c.CookieTimeout == nil {
			return rpc.MissingParameter("CookieTimeout")
		}
		return nil
	case "server":
		return given("Cookie", value(c.Cookie))
	}
	return rpc.MissingParameter("StickySessionType")
}

// checkSettings are health checks of layer 7
// (https://www.alibabacloud.com/help/en/slb/classic-load-balancer/user-guide/configure-and-manage-health-checks).
type checkSettings struct {
	HealthCheck            *string `json:",omitempty"`
	HealthCheckDomain      *string `json:",omitempty"`
	HealthCheckURI         *string `json:",omitempty"`
	HealthCheckHttpCode    *string `json:",omitempty"`
	HealthCheckConnectPort *int    `json:",omitempty"`
	HealthCheckInterval    *int    `json:",omitempty"` // seconds
	HealthCheckTimeout     *int    `json:",omitempty"` // seconds
	HealthyThreshold       *int    `json:",omitempty"`
	UnhealthyThreshold     *int    `json:",omitempty"`
}

// resetPort as HealthCheckConnectPort means each member's own port, as
// Terraform's provider sends it.
const resetPort = -520

// fill sets defaults where checks are on.
func (c *checkSettings) fill() {
	if value(c.HealthCheckConnectPort) == resetPort {
		c.HealthCheckConnectPort = nil
	}
	if value(c.HealthCheck) != "on" {
		return
	}
	standard(&c.HealthCheckURI, "/")
	standard(&c.HealthCheckHttpCode, "http_2xx")
	standard(&c.HealthCheckInterval, 2)
	standard(&c.HealthCheckTimeout, 5)
	standard(&c.HealthyThreshold, 3)
	standard(&c.UnhealthyThreshold, 3)
}

func (c *checkSettings) validate() error {
	if value(c.HealthCheckConnectPort) != resetPort {
		if err := inRange("HealthCheckConnectPort", c.HealthCheckConnectPort, 1, 65535); err != nil {
			return err
		}
	}
	return firstError(
		onOff("HealthCheck", c.HealthCheck),
		length("HealthCheckDomain", c.HealthCheckDomain, 1, 80),
		checkURI(c.HealthCheckURI),
		checkHTTPCodes(c.HealthCheckHttpCode),
		inRange("HealthCheckInterval", c.HealthCheckInterval, 1, 50),
		inRange("HealthCheckTimeout", c.HealthCheckTimeout, 1, 300),
		inRange("HealthyThreshold", c.HealthyThreshold, 2, 10),
		inRange("UnhealthyThreshold", c.UnhealthyThreshold, 2, 10),
	)
}

func checkURI(uri *string) error {
	if uri != nil && !strings.HasPrefix(*uri, "/") {
		return rpc.InvalidParameter("HealthCheckURI", "it must begin with /")
	}
	return length("HealthCheckURI", uri, 1, 80)
}

func checkHTTPCodes(codes *string) error {
	if codes == nil {
		return nil
	}
	for code := range strings.SplitSeq(*codes, ",") {
		if err := oneOf("HealthCheckHttpCode", &code, "http_2xx", "http_3xx", "http_4xx", "http_5xx"); err != nil {
			return err
		}
	}
	return nil
}
