package alicloud

import (
	"errors"
	"net"
	"net/http"
	"net/url"
	"time"
)

const (
	connectTimeout = 5 * time.Second // the SDK core's default
	// idlePerHost lets every worker of the node keep its connection, so that a
	// burst of creates does not pay a TLS handshake per call.
	idlePerHost = 64
	// idleTimeout is shorter than the 60 s after which load balancers of the
	// cloud drop an idle connection by default.
	idleTimeout = 45 * time.Second
)

// newTransport is the one pool of connections behind a Client.
func newTransport() *http.Transport {
	return &http.Transport{
		Proxy:                 http.ProxyFromEnvironment,
		DialContext:           (&net.Dialer{Timeout: connectTimeout, KeepAlive: 30 * time.Second}).DialContext,
		TLSHandshakeTimeout:   connectTimeout,
		MaxIdleConns:          2 * idlePerHost,
		MaxIdleConnsPerHost:   idlePerHost,
		IdleConnTimeout:       idleTimeout,
		ExpectContinueTimeout: time.Second,
	}
}

// transportCause strips the URL, which holds parameters, from an error of
// net/http.
func transportCause(err error) error {
	var u *url.Error
	if errors.As(err, &u) {
		return u.Err
	}
	return err
}
