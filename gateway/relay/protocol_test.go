package relay

import (
	"bufio"
	"context"
	"crypto/tls"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"

	"k8s.io/apimachinery/pkg/types"

	"github.com/ebb-node/ebb/gateway/backend"
	"github.com/ebb-node/ebb/gateway/ingress"
)

// rpc answers like a gRPC server: the status is in a trailer, and an error has
// no body at all.
func rpc(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Content-Type", "application/grpc")
	if r.URL.Path == "/fails" {
		w.Header().Set("Grpc-Status", "5")
		return
	}
	control := http.NewResponseController(w)
	control.Flush()
	for lines := bufio.NewScanner(r.Body); lines.Scan(); control.Flush() {
		fmt.Fprintf(w, "HTTP/%d %s\n", r.ProtoMajor, lines.Text())
	}
	w.Header().Set(http.TrailerPrefix+"Grpc-Status", "0")
}

func (w *world) h2cBackend(service string, handler http.HandlerFunc) backend.Address {
	a := w.backend(service, handler)
	a.H2C = true
	w.offer(service, a)
	return a
}

// TestStreamsWithTrailers through both entries that a client can speak HTTP/2 to.
func TestStreamsWithTrailers(t *testing.T) {
	certificate, pool := certificateFor(t, "a.com")
	w := newWorld(t, func(c *Config) {
		c.Certificate = func(context.Context, types.NamespacedName) (*tls.Certificate, error) { return certificate, nil }
	})
	w.h2cBackend("x", rpc)
	w.serve(secured(on("a.com", to("/", "x")), "a"))
	for url, client := range map[string]*http.Client{
		"http://a.com/":  w.client(internetPlain, unencryptedHTTP2),
		"https://a.com/": w.client(Entry{Visibility: ingress.Internet, Front: TLS}, trusting(pool)),
	} {
		body, send := io.Pipe()
		r, _ := http.NewRequest(http.MethodPost, url, body)
		r.Header.Set("Te", "trailers")
		res, err := client.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		if res.ProtoMajor != 2 {
			t.Errorf("%s: answered in %s", url, res.Proto)
		}
		lines := bufio.NewReader(res.Body)
		for i := range 10 {
			fmt.Fprintln(send, i)
			if line, _ := lines.ReadString('\n'); line != fmt.Sprintf("HTTP/2 %d\n", i) {
				t.Fatalf("%s: line %q", url, line)
			}
		}
		send.Close()
		rest, err := io.ReadAll(lines)
		if err != nil || len(rest) > 0 || res.Trailer.Get("Grpc-Status") != "0" {
			t.Errorf("%s: rest %q, %v, trailers %v", url, rest, err, res.Trailer)
		}
		res.Body.Close()
		res, err = client.Post(url+"fails", "application/grpc", strings.NewReader("x"))
		if err != nil {
			t.Fatal(err)
		}
		if res.Body.Close(); res.Header.Get("Grpc-Status") != "5" {
			t.Errorf("%s: an error's headers %v", url, res.Header)
		}
	}
}

// TestProtocolToBackends is the one that the Service asks for.
func TestProtocolToBackends(t *testing.T) {
	version := func(w http.ResponseWriter, r *http.Request) { fmt.Fprint(w, r.ProtoMajor) }
	w := newWorld(t, nil)
	w.backend("one", version)
	w.h2cBackend("two", version)
	w.serve(on("a.com", to("/one", "one"), to("/two", "two")))
	for _, client := range []*http.Client{w.client(internetPlain), w.client(internetPlain, unencryptedHTTP2)} {
		for path, want := range map[string]string{"/one": "1", "/two": "2"} {
			if _, got := fetch(t, client, get("http://a.com"+path)); got != want {
				t.Errorf("%s: HTTP/%s", path, got)
			}
		}
	}
}

// raw sends bytes as they are and returns the status.
func (w *world) raw(request string) string {
	w.t.Helper()
	conn, err := net.Dial("tcp", w.address[internetPlain])
	if err != nil {
		w.t.Fatal(err)
	}
	defer conn.Close()
	fmt.Fprint(conn, strings.ReplaceAll(request, "\n", "\r\n"))
	line, _ := bufio.NewReader(conn).ReadString('\n')
	_, status, _ := strings.Cut(line, " ")
	status, _, _ = strings.Cut(status, " ")
	return status
}

// TestAmbiguousRequests must not reach a backend that might read them another
// way.
func TestAmbiguousRequests(t *testing.T) {
	w := newWorld(t, nil)
	w.backend("x", func(_ http.ResponseWriter, r *http.Request) { t.Errorf("relayed: %v", r) })
	w.serve(on("a.com", to("/", "x")))
	for request, want := range map[string]string{
		"GET / HTTP/1.1\nHost: a.com\nHost: b.com\n\n":                                                  "400",
		"POST / HTTP/1.1\nHost: a.com\nContent-Length: 1\nContent-Length: 2\n\nx":                       "400",
		"POST / HTTP/1.1\nHost: a.com\nTransfer-Encoding: chunked\nTransfer-Encoding: chunked\n\n0\n\n": "501",
		"POST / HTTP/1.1\nHost: a.com\nTransfer-Encoding : chunked\n\n0\n\n":                            "400",
		"GET / HTTP/1.1\nHost: a.com\nX: " + strings.Repeat("x", 70_000) + "\n\n":                       "431",
		"CONNECT a.com:443 HTTP/1.1\nHost: a.com\n\n":                                                   "405",
	} {
		if got := w.raw(request); got != want {
			t.Errorf("%.60q: got %q, want %q", request, got, want)
		}
	}
}

// TestOtherProtocolsAreNotSwitchedTo: behind h2c a client could talk to the
// backend without routes.
func TestOtherProtocolsAreNotSwitchedTo(t *testing.T) {
	w := newWorld(t, nil)
	w.backend("x", func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("Upgrade") != "" || r.Header.Get("Connection") != "" {
			t.Errorf("relayed: %v", r.Header)
		}
	})
	w.serve(on("a.com", to("/", "x")))
	request := "GET / HTTP/1.1\nHost: a.com\nConnection: Upgrade, HTTP2-Settings\nUpgrade: h2c\nHTTP2-Settings: AAMAAABkAAQAAP__\n\n"
	if got := w.raw(request); got != "200" {
		t.Errorf("got %q", got)
	}
}
