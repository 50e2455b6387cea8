package slb

// tcpSettings are those of TCP listeners
// (https://www.alibabacloud.com/help/en/slb/classic-load-balancer/developer-reference/api-slb-2014-05-15-createloadbalancertcplistener).
// The switch and the interval of health checks are not among them, since each
// action calls these two by another name.
type tcpSettings struct {
	PersistenceTimeout        *int    `json:",omitempty"` // seconds; 0: off
	EstablishedTimeout        *int    `json:",omitempty"` // seconds
	ConnectionDrain           *string `json:",omitempty"`
	ConnectionDrainTimeout    *int    `json:",omitempty"` // seconds
	ProxyProtocolV2Enabled    *bool   `json:",omitempty"`
	FullNatEnabled            *bool   `json:",omitempty"`
	HealthCheckType           *string `json:",omitempty"`
	HealthCheckMethod         *string `json:",omitempty"`
	HealthCheckDomain         *string `json:",omitempty"`
	HealthCheckURI            *string `json:",omitempty"`
	HealthCheckHttpCode       *string `json:",omitempty"`
	HealthCheckConnectPort    *int    `json:",omitempty"`
	HealthCheckConnectTimeout *int    `json:",omitempty"` // seconds
	HealthyThreshold          *int    `json:",omitempty"`
	UnhealthyThreshold        *int    `json:",omitempty"`
}

func (c *tcpSettings) fill() {
	if value(c.HealthCheckConnectPort) == resetPort {
		c.HealthCheckConnectPort = nil
	}
	standard(&c.PersistenceTimeout, 0)
	standard(&c.EstablishedTimeout, 900)
	standard(&c.ConnectionDrain, "off")
	standard(&c.ProxyProtocolV2Enabled, false)
	standard(&c.FullNatEnabled, false)
	standard(&c.HealthCheckType, "tcp")
	standard(&c.HealthCheckConnectTimeout, 5)
	standard(&c.HealthyThreshold, 3)
	standard(&c.UnhealthyThreshold, 3)
}

func (c *tcpSettings) validate() error {
	if value(c.HealthCheckConnectPort) != resetPort {
		if err := inRange("HealthCheckConnectPort", c.HealthCheckConnectPort, 1, 65535); err != nil {
			return err
		}
	}
	if value(c.ConnectionDrain) == "on" && c.ConnectionDrainTimeout == nil {
		return given("ConnectionDrainTimeout", "")
	}
	return firstError(
		inRange("PersistenceTimeout", c.PersistenceTimeout, 0, 3600),
		inRange("EstablishedTimeout", c.EstablishedTimeout, 10, 900),
		onOff("ConnectionDrain", c.ConnectionDrain),
		inRange("ConnectionDrainTimeout", c.ConnectionDrainTimeout, 10, 900),
		oneOf("HealthCheckType", c.HealthCheckType, "tcp", "http"),
		oneOf("HealthCheckMethod", c.HealthCheckMethod, "head", "get"),
		length("HealthCheckDomain", c.HealthCheckDomain, 1, 80),
		checkURI(c.HealthCheckURI),
		checkHTTPCodes(c.HealthCheckHttpCode),
		inRange("HealthCheckConnectTimeout", c.HealthCheckConnectTimeout, 1, 300),
		inRange("HealthyThreshold", c.HealthyThreshold, 2, 10),
		inRange("UnhealthyThreshold", c.UnhealthyThreshold, 2, 10),
	)
}

// tcpCheck is the part of health checks with changing names.
type tcpCheck struct {
	enabled  string // on, off
	interval int    // seconds
}

func (c *tcpCheck) set(enabled *string, interval *int) error {
	if enabled != nil {
		c.enabled = *enabled
	}
	if interval != nil {
		c.interval = *interval
	}
	return firstError(onOff("HealthCheckSwitch", enabled), inRange("HealthCheckInterval", interval, 1, 50))
}
