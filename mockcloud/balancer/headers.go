package balancer

import (
	"io"
	"net"
	"net/http"
	"net/http/httputil"
	"strconv"
	"strings"
)

// kept are headers that httputil takes from a request, and that a backend of
// the load balancer gets as the client sent them.
var kept = []string{"Forwarded", "X-Forwarded-For", "X-Forwarded-Host", "X-Forwarded-Proto"}

// rewrite makes the backend's request of the client's.
func rewrite(p *httputil.ProxyRequest) {
	x := exchangeOf(p.In.Context())
	p.Out.URL.Scheme = "http"
	p.Out.URL.Host = "backend" // dialExchange knows where
	p.Out.URL.RawQuery = p.In.URL.RawQuery
	p.Out.Host = p.In.Host
	for _, name := range kept {
		if values, ok := p.In.Header[name]; ok {
			p.Out.Header[name] = values
		}
	}
	p.Out.Header.Del("Expect") // the listener answers 100-continue itself
	p.Out.Header.Del("Te")
	p.Out.Header.Del("Trailer")
	p.Out.Trailer = nil
	x.table.addForwarded(p.Out.Header, x.client)
	if p.Out.Body != nil {
		p.Out.Body = watchedUpload{p.Out.Body, x.watch}
	}
}

// addForwarded adds the headers that the listener is asked for.
func (t *table) addForwarded(header http.Header, client string) {
	address, port, _ := net.SplitHostPort(client)
	on := t.listener.Forwarded
	if on.For {
		header.Set("X-Forwarded-For", strings.Join(append(header["X-Forwarded-For"], address), ", "))
	}
	for _, h := range []struct {
		on          bool
		name, value string
	}{
		{on.Proto, "X-Forwarded-Proto", string(t.listener.Protocol)},
		{on.SLBID, "SLB-ID", t.loadBalancer},
		{on.SLBIP, "SLB-IP", t.address},
		{on.SLBPort, "X-Forwarded-Port", strconv.Itoa(t.listener.Port)},
		{on.ClientSrcPort, "X-Forwarded-Client-srcport", port},
	} {
		if h.on {
			header.Set(h.name, h.value)
		}
	}
}

// dropTrailers ends a response with its body.
func dropTrailers(response *http.Response) {
	response.Trailer = nil
	response.Header.Del("Trailer")
	response.Body = withoutTrailers{response.Body, response}
}

// withoutTrailers forgets the trailers that came at the end of a body.
type withoutTrailers struct {
	io.ReadCloser
	response *http.Response
}

func (b withoutTrailers) Close() error {
	err := b.ReadCloser.Close()
	b.response.Trailer = nil
	return err
}

// serverName is who answers.
const serverName = "Tengine"

// hidden are headers of a backend that the client never sees. Date and Server
// are set anew.
var hidden = []string{"Date", "Server", "X-Pad", "X-Accel-Redirect"}

// disguise gives a backend's response the load balancer's own headers.
func disguise(header http.Header) {
	for _, name := range hidden {
		header.Del(name)
	}
	header.Set("Server", serverName)
}
