package alicloud

import (
	"fmt"
	"net/url"
	"strings"
)

// endpoint is where a product is called.
type endpoint struct {
	scheme string
	host   string // with the port, if any
}

func (e endpoint) String() string { return e.scheme + "://" + e.host }

// parseEndpoint reads a host or a URL. An RPC product is called at the root of
// its host, so that a path, a query or a user in it is a mistake.
func parseEndpoint(raw string) (endpoint, error) {
	text := raw
	if !strings.Contains(text, "://") {
		text = "https://" + text
	}
	u, err := url.Parse(text)
	switch {
	case err != nil || u.Host == "":
		return endpoint{}, fmt.Errorf("it is not a host or a URL")
	case u.Scheme != "http" && u.Scheme != "https":
		return endpoint{}, fmt.Errorf("scheme %q is neither http nor https", u.Scheme)
	case strings.Trim(u.Path, "/") != "" || u.RawQuery != "" || u.User != nil:
		return endpoint{}, fmt.Errorf("it must be a scheme and a host only")
	}
	return endpoint{scheme: u.Scheme, host: u.Host}, nil
}

// endpointOf is the override of a product, or what the product says of the
// region.
func (c *Config) endpointOf(p *Product) (endpoint, error) {
	if raw, ok := c.Endpoints[strings.ToLower(p.Name)]; ok && raw != "" {
		return parseEndpoint(raw)
	}
	return parseEndpoint(p.Endpoint(c.Region, c.VPC))
}
