package slb

// httpSettings are those of HTTP and HTTPS listeners
// (https://www.alibabacloud.com/help/en/slb/classic-load-balancer/developer-reference/api-slb-2014-05-15-createloadbalancerhttplistener).
type httpSettings struct {
	stickySettings
	checkSettings
	HealthCheckMethod *string `json:",omitempty"`
	IdleTimeout       *int    `json:",omitempty"` // seconds
	RequestTimeout    *int    `json:",omitempty"` // seconds
	Gzip              *string `json:",omitempty"`

	XForwardedFor              *string `json:",omitempty"`
	XForwardedForProto         *string `rpc:"XForwardedFor_proto" json:"XForwardedFor_proto,omitempty"`
	XForwardedForSLBID         *string `rpc:"XForwardedFor_SLBID" json:"XForwardedFor_SLBID,omitempty"`
	XForwardedForSLBIP         *string `rpc:"XForwardedFor_SLBIP" json:"XForwardedFor_SLBIP,omitempty"`
	XForwardedForSLBPort       *string `rpc:"XForwardedFor_SLBPORT" json:"XForwardedFor_SLBPORT,omitempty"`
	XForwardedForClientSrcPort *string `rpc:"XForwardedFor_ClientSrcPort" json:"XForwardedFor_ClientSrcPort,omitempty"`
}

func (c *httpSettings) fill() {
	c.checkSettings.fill()
	if value(c.HealthCheck) == "on" {
		standard(&c.HealthCheckMethod, "head")
	}
	standard(&c.IdleTimeout, 15)
	standard(&c.RequestTimeout, 60)
	standard(&c.Gzip, "on")
	standard(&c.XForwardedFor, "on")
	for _, toggle := range []**string{
		&c.XForwardedForProto, &c.XForwardedForSLBID, &c.XForwardedForSLBIP,
		&c.XForwardedForSLBPort, &c.XForwardedForClientSrcPort,
	} {
		standard(toggle, "off")
	}
}

func (c *httpSettings) validate() error {
	return firstError(
		c.stickySettings.validate(),
		c.checkSettings.validate(),
		oneOf("HealthCheckMethod", c.HealthCheckMethod, "head", "get"),
		inRange("IdleTimeout", c.IdleTimeout, 1, 60),
		inRange("RequestTimeout", c.RequestTimeout, 1, 180),
		onOff("Gzip", c.Gzip),
		onOff("XForwardedFor", c.XForwardedFor),
		onOff("XForwardedFor_proto", c.XForwardedForProto),
		onOff("XForwardedFor_SLBID", c.XForwardedForSLBID),
		onOff("XForwardedFor_SLBIP", c.XForwardedForSLBIP),
		onOff("XForwardedFor_SLBPORT", c.XForwardedForSLBPort),
		onOff("XForwardedFor_ClientSrcPort", c.XForwardedForClientSrcPort),
	)
}

// mandatory are the two settings that a creation must not leave out.
func (c *httpSettings) mandatory() error {
	return firstError(
		given("StickySession", value(c.StickySession)),
		given("HealthCheck", value(c.HealthCheck)),
	)
}

// forwardSettings turn an HTTP listener into a redirect. They are set at
// creation and never changed.
type forwardSettings struct {
	ListenerForward *string `json:",omitempty"`
	ForwardPort     *int    `json:",omitempty"`
}

func (c *forwardSettings) on() bool { return value(c.ListenerForward) == "on" }

func (c *forwardSettings) fill() {
	standard(&c.ListenerForward, "off")
	if c.on() {
		standard(&c.ForwardPort, 443)
	}
}

func (c *forwardSettings) validate() error {
	return firstError(onOff("ListenerForward", c.ListenerForward), inRange("ForwardPort", c.ForwardPort, 1, 65535))
}

// httpsSettings are those that only HTTPS listeners have.
type httpsSettings struct {
	ServerCertificateId *string `json:",omitempty"`
	CACertificateId     *string `json:",omitempty"`
	EnableHttp2         *string `json:",omitempty"`
	TLSCipherPolicy     *string `json:",omitempty"`
}

func (c *httpsSettings) fill() {
	standard(&c.EnableHttp2, "on")
	standard(&c.TLSCipherPolicy, "tls_cipher_policy_1_0")
}

func (c *httpsSettings) validate(s *state) error {
	if err := firstError(
		given("ServerCertificateId", value(c.ServerCertificateId)),
		onOff("EnableHttp2", c.EnableHttp2),
		oneOf("TLSCipherPolicy", c.TLSCipherPolicy, "tls_cipher_policy_1_0", "tls_cipher_policy_1_1",
			"tls_cipher_policy_1_2", "tls_cipher_policy_1_2_strict", "tls_cipher_policy_1_2_strict_with_1_3"),
	); err != nil {
		return err
	}
	if c.CACertificateId != nil {
		return notFound("CACertificateId.NotFound", "The CA certificate %s does not exist.", *c.CACertificateId)
	}
	_, err := s.certificate(*c.ServerCertificateId)
	return err
}
