package balancer

import (
	"io"
	"net"
	"net/http"
	"net/netip"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// received is what a backend saw.
type received struct {
	method, uri, host, proto, body string
	header                         http.Header
}

// recorder is a backend that keeps what it gets.
func recorder(t *testing.T) (Member, <-chan received) {
	seen := make(chan received, 1)
	return backend(t, "recorder", func(w http.ResponseWriter, r *http.Request) {
		all, _ := io.ReadAll(r.Body)
		seen <- received{r.Method, r.RequestURI, r.Host, r.Proto, string(all), r.Header.Clone()}
		w.Header().Set("Server", "backend/1.0")
		w.Header().Set("Date", "Thu, 01 Jan 1970 00:00:00 GMT")
		w.Header().Set("X-Pad", "pad")
		w.Header().Set("X-Accel-Redirect", "/secret")
		w.Header().Set("X-Own", "kept")
		w.WriteHeader(http.StatusTeapot)
	}), seen
}

func TestARequestArrivesAsItWasSent(t *testing.T) {
	r := newRig(t, Config{})
	member, seen := recorder(t)
	r.apply([]Group{group("g", member)}, web("g"))

	request, _ := http.NewRequest(http.MethodPut, "http://Shop.example.com:8080/a%2Fb//c/../d?x=1;y=%20&z", strings.NewReader("coffee"))
	request.Header.Set("X-Mine", "yes")
	request.Header.Set("X-Forwarded-Proto", "spdy")
	request.Header.Set("X-Forwarded-Host", "front.example.com")
	request.Header.Set("Connection", "X-Hop")
	request.Header.Set("X-Hop", "gone")
	response, err := r.client(80).Do(request)
	if err != nil {
		t.Fatal(err)
	}
	response.Body.Close()

	got := <-seen
	header := got.header
	got.header = nil
	want := received{"PUT", "/a%2Fb//c/../d?x=1;y=%20&z", "Shop.example.com:8080", "HTTP/1.1", "coffee", nil}
	if diff := cmp.Diff(want, got, cmp.AllowUnexported(received{})); diff != "" {
		t.Errorf("request (-want +got):\n%s", diff)
	}
	for name, want := range map[string]string{
		"X-Mine": "yes", "X-Forwarded-Proto": "spdy", "X-Forwarded-Host": "front.example.com",
		"X-Hop": "", "X-Forwarded-For": "", "Connection": "close",
	} {
		if got := header.Get(name); got != want {
			t.Errorf("%s = %q at the backend, want %q", name, got, want)
		}
	}
}

func TestAResponseHasTheLoadBalancersDateAndServer(t *testing.T) {
	r := newRig(t, Config{})
	member, seen := recorder(t)
	r.apply([]Group{group("g", member)}, web("g"))
	response, err := r.client(80).Get("http://a.example.com/")
	if err != nil {
		t.Fatal(err)
	}
	response.Body.Close()
	<-seen
	if response.StatusCode != http.StatusTeapot {
		t.Errorf("status = %d", response.StatusCode)
	}
	header := response.Header
	if header.Get("Server") != "Tengine" || header.Get("X-Pad")+header.Get("X-Accel-Redirect") != "" || header.Get("X-Own") != "kept" {
		t.Errorf("header = %v", header)
	}
	if date := header["Date"]; len(date) != 1 || strings.Contains(date[0], "1970") {
		t.Errorf("Date = %v", date)
	}
}

func TestForwardedHeadersFollowTheirSwitches(t *testing.T) {
	names := []string{"X-Forwarded-For", "X-Forwarded-Proto", "SLB-ID", "SLB-IP", "X-Forwarded-Port", "X-Forwarded-Client-Srcport"}
	for _, c := range []struct {
		name string
		on   ForwardedHeaders
		sent string // X-Forwarded-For of the client
		want []string
	}{
		{"none", ForwardedHeaders{}, "", []string{"", "", "", "", "", ""}},
		{"left alone", ForwardedHeaders{}, "10.1.1.1", []string{"10.1.1.1", "", "", "", "", ""}},
		{"for", ForwardedHeaders{For: true}, "", []string{"127.0.0.1", "", "", "", "", ""}},
		{"appended", ForwardedHeaders{For: true}, "10.1.1.1, 10.2.2.2", []string{"10.1.1.1, 10.2.2.2, 127.0.0.1", "", "", "", "", ""}},
		{"all", ForwardedHeaders{true, true, true, true, true, true}, "", []string{"127.0.0.1", "http", balancerID, "192.0.2.10", "80", "PORT"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := newRig(t, Config{})
			member, seen := recorder(t)
			l := web("g")
			l.Forwarded = c.on
			r.apply([]Group{group("g", member)}, l)

			conn, err := net.Dial("tcp", r.address(80))
			if err != nil {
				t.Fatal(err)
			}
			defer conn.Close()
			request := "GET / HTTP/1.1\r\nHost: a\r\n"
			if c.sent != "" {
				request += "X-Forwarded-For: " + c.sent + "\r\n"
			}
			if _, err := io.WriteString(conn, request+"\r\n"); err != nil {
				t.Fatal(err)
			}
			header := (<-seen).header
			_, port, _ := net.SplitHostPort(conn.LocalAddr().String())
			for i, name := range names {
				if want := strings.ReplaceAll(c.want[i], "PORT", port); header.Get(name) != want {
					t.Errorf("%s = %q, want %q", name, header.Get(name), want)
				}
			}
		})
	}
}

func TestBackendsGetTheOldProtocolOnlyFromOldClients(t *testing.T) {
	for _, c := range []struct{ sent, want string }{
		{"GET / HTTP/1.0\r\nHost: a\r\n\r\n", "HTTP/1.0"},
		{"POST /" + strings.Repeat("x", 9000) + " HTTP/1.0\r\nHost: a\r\nContent-Length: 3\r\n\r\nabc", "HTTP/1.0"},
		{"GET / HTTP/1.1\r\nHost: a\r\n\r\n", "HTTP/1.1"},
	} {
		r := newRig(t, Config{})
		member, seen := recorder(t)
		r.apply([]Group{group("g", member)}, web("g"))
		conn, err := net.Dial("tcp", r.address(80))
		if err != nil {
			t.Fatal(err)
		}
		defer conn.Close()
		if _, err := io.WriteString(conn, c.sent); err != nil {
			t.Fatal(err)
		}
		if got := <-seen; got.proto != c.want || strings.HasSuffix(c.sent, "abc") && got.body != "abc" {
			t.Errorf("backend got %s %s with %q, want %s", got.method, got.proto, got.body, c.want)
		}
	}
}

func TestRulesDecideTheGroup(t *testing.T) {
	r := newRig(t, Config{})
	l := web("default")
	l.Rules = []Rule{
		{Name: "host", Domain: "coffee.example.com", Group: "coffee"},
		{Name: "path", Domain: "coffee.example.com", URL: "/tea%20pot", Group: "tea"},
		{Name: "only", Domain: "only.example.com", URL: "/x", Group: "tea"},
	}
	r.apply([]Group{group("default", named(t, "default")), group("coffee", named(t, "coffee")), group("tea", named(t, "tea"))}, l)
	client := r.client(80)
	for url, want := range map[string]string{
		"http://coffee.example.com/":              "coffee",
		"http://COFFEE.example.com:8080/tea":      "coffee",
		"http://coffee.example.com/tea%20pots?a=": "tea",
		"http://other.example.com/":               "default",
	} {
		if _, got := r.get(client, url); got != want {
			t.Errorf("GET %s reached %q, want %q", url, got, want)
		}
	}
	if code, _ := r.get(client, "http://only.example.com/y"); code != http.StatusNotFound {
		t.Errorf("a known host without a fitting rule got %d, want 404", code)
	}
}

func TestTrafficComesFromTheSource(t *testing.T) {
	r := newRig(t, Config{Source: netip.MustParseAddr("127.0.0.9")})
	m := backend(t, "a", func(w http.ResponseWriter, r *http.Request) { _, _ = io.WriteString(w, r.RemoteAddr) })
	r.apply([]Group{group("g", m)}, web("g"))
	if _, got := r.get(r.client(80), "http://a.example.com/"); !strings.HasPrefix(got, "127.0.0.9:") {
		t.Errorf("the backend was called from %s", got)
	}
}
