package balancer

import (
	"context"
	"errors"
	"net"
	"net/http"
	"net/netip"
	"strings"
)

// prober asks members whether they are well.
type prober struct {
	dialer net.Dialer
	web    http.RoundTripper
}

func newProber(dialer net.Dialer) *prober {
	return &prober{dialer: dialer, web: &http.Transport{
		DialContext:        dialer.DialContext,
		DisableKeepAlives:  true,
		DisableCompression: true,
	}}
}

// probe is one probe of a member; nil is a pass.
func (p *prober) probe(ctx context.Context, check HealthCheck, m Member) error {
	ctx, cancel := context.WithTimeout(ctx, check.Timeout)
	defer cancel()
	address := check.address(m)
	if check.Type == CheckTCP {
		conn, err := p.dialer.DialContext(ctx, "tcp", address)
		if err != nil {
			return err
		}
		return conn.Close()
	}
	request, err := http.NewRequestWithContext(ctx, check.Method, "http://"+address+check.URI, nil)
	if err != nil {
		return err
	}
	request.Host = check.host(m)
	request.Header.Set("User-Agent", "") // UNVERIFIED; at any rate not Go's
	response, err := p.web.RoundTrip(request)
	if err != nil {
		return err
	}
	defer response.Body.Close()
	if !check.accepts(response.StatusCode) {
		return errors.New("answered " + response.Status)
	}
	return nil
}

func (c HealthCheck) address(m Member) string {
	port := m.Port
	if c.Port != 0 {
		port = c.Port
	}
	return netip.AddrPortFrom(m.IP, uint16(port)).String()
}

func (c HealthCheck) host(m Member) string {
	if c.Domain != "" && !strings.EqualFold(c.Domain, "$_ip") {
		return c.Domain
	}
	if m.IP.Is6() {
		return "[" + m.IP.String() + "]"
	}
	return m.IP.String()
}
