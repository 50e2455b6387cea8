package relay

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"k8s.io/utils/clock"

	"github.com/ebb-node/ebb/gateway/backend"
	"github.com/ebb-node/ebb/gateway/ingress"
)

// fetch returns status and body.
func fetch(t testing.TB, c *http.Client, r *http.Request) (int, string) {
	t.Helper()
	r.RequestURI = ""
	res, err := c.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	return res.StatusCode, string(body)
}

// TestBackendSees what a client sent, and what ingresses add.
func TestBackendSees(t *testing.T) {
	w := newWorld(t, nil)
	var seen *http.Request
	w.backend("x", func(_ http.ResponseWriter, r *http.Request) { seen = r })
	path := to("/", "x")
	path.AppendHeaders = map[string]string{"Foo-Bar": "path"}
	path.Splits[0].AppendHeaders = map[string]string{"Knative-Serving-Revision": "x-1"}
	local := on("a.com", path)
	local.Visibility = ingress.Intranet
	w.serve(on("a.com", path), local)

	for _, test := range []struct {
		entry Entry
		sent  string
		proto string
	}{
		{internetPlain, "gopher", "http"}, {internetPlain, "https", "http"},
		{Entry{Visibility: ingress.Internet, Front: Terminated}, "gopher", "https"}, {Entry{Visibility: ingress.Internet, Front: Terminated}, "http", "http"},
		{Entry{Visibility: ingress.Intranet, Front: Plain}, "gopher", "http"},
	} {
		r := get("http://a.com:8080//b%2Fc/%7Ed?q=1;x&%zz", "X-Forwarded-For", "203.0.113.9", "Foo-Bar", "bogus",
			"X-Forwarded-Proto", test.sent, "Connection", "X-Hop", "X-Hop", "1", "Te", "trailers", "K-Network-Hash", "1234")
		if status, _ := fetch(t, w.client(test.entry), r); status != http.StatusOK {
			t.Fatalf("%s: status %d", test.entry, status)
		}
		if seen.RequestURI != "//b%2Fc/%7Ed?q=1;x&%zz" || seen.Host != "a.com:8080" {
			t.Errorf("%s: %s of %s", test.entry, seen.RequestURI, seen.Host)
		}
		want := http.Header{
			"X-Forwarded-For": {"203.0.113.9, 127.0.0.1"}, "X-Forwarded-Proto": {test.proto}, "X-Forwarded-Host": {"a.com:8080"},
			"Foo-Bar": {"path"}, "Knative-Serving-Revision": {"x-1"}, "Te": {"trailers"}, "K-Network-Hash": {"1234"},
			"User-Agent": {"Go-http-client/1.1"},
		}
		if diff := cmp.Diff(want, seen.Header); diff != "" {
			t.Errorf("%s: %s", test.entry, diff)
		}
	}
}

func TestStatuses(t *testing.T) {
	w := newWorld(t, func(c *Config) { c.Clock = impatient{clock.RealClock{}} })
	w.backend("x", func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusTeapot) })
	w.backend("breaks", func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) })
	w.offer("refuses", refusing(t), refusing(t))
	inside := on("inside.com", to("/", "x"))
	inside.Visibility = ingress.Intranet
	w.serve(on("a.com", to("/x", "x"), to("/none", "none"), to("/refuses", "refuses"), to("/breaks", "breaks")), inside)
	for url, want := range map[string]string{
		"http://a.com/x":       "418 ",
		"http://a.com/":        "404 no such host or path\n",
		"http://b.com/x":       "404 no such host or path\n",
		"http://inside.com/":   "404 no such host or path\n",
		"http://a.com/none":    "503 no backend\n",
		"http://a.com/refuses": "503 no backend\n",
		"http://a.com/breaks":  "502 the backend broke off\n",
	} {
		status, body := fetch(t, w.client(internetPlain), get(url))
		if got := fmt.Sprint(status, " ", body); got != want {
			t.Errorf("%s: got %q, want %q", url, got, want)
		}
	}
}

func TestRedirect(t *testing.T) {
	w := newWorld(t, nil)
	w.backend("x", func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, "served") })
	host := on("a.com", to("/", "x"))
	host.Redirect = true
	w.serve(host)
	for method, status := range map[string]int{http.MethodGet: 301, http.MethodHead: 301, http.MethodPost: 308} {
		r := get("http://A.com:8080/b%2Fc?d=e")
		r.Method = method
		r.RequestURI = ""
		res, err := w.client(internetPlain).Do(r)
		if err != nil {
			t.Fatal(err)
		}
		res.Body.Close()
		if got := res.Header.Get("Location"); res.StatusCode != status || got != "https://a.com/b%2Fc?d=e" {
			t.Errorf("%s: %d to %s", method, res.StatusCode, got)
		}
	}
	if status, body := fetch(t, w.client(Entry{Visibility: ingress.Internet, Front: Terminated}), get("http://a.com/")); status != 200 || body != "served" {
		t.Errorf("after TLS: %d %s", status, body)
	}
}

// TestConnectFailure: the body must be whole at the address that takes it.
func TestConnectFailure(t *testing.T) {
	w := newWorld(t, nil)
	good := w.backend("x", func(w http.ResponseWriter, r *http.Request) {
		sum := sha256.New()
		io.Copy(sum, r.Body)
		fmt.Fprint(w, hex.EncodeToString(sum.Sum(nil)))
	})
	body := strings.Repeat("coffee", 100_000)
	sum := sha256.Sum256([]byte(body))
	for i := range 20 {
		all := []backend.Address{refusing(t), good, refusing(t), refusing(t)}
		for j := range all {
			all[j].H2C = i%2 == 0
		}
		w.offer("x", all...)
		w.serve(on("a.com", to("/", "x")))
		r := get("http://a.com/")
		r.Method, r.Body, r.ContentLength = http.MethodPost, io.NopCloser(strings.NewReader(body)), int64(len(body))
		if status, got := fetch(t, w.client(internetPlain), r); status != 200 || got != hex.EncodeToString(sum[:]) {
			t.Fatalf("%d %s", status, got)
		}
	}
}

// TestNothingElseIsRepeated: neither an error's status nor a connection that
// breaks after the request was sent.
func TestNothingElseIsRepeated(t *testing.T) {
	w := newWorld(t, nil)
	requests := make(chan string, 10)
	count := func(status int) http.HandlerFunc {
		return func(w http.ResponseWriter, r *http.Request) {
			requests <- r.URL.Path
			if status == 0 {
				panic(http.ErrAbortHandler)
			}
			w.WriteHeader(status)
		}
	}
	w.offer("x", w.backend("a", count(503)), w.backend("b", count(503)))
	w.offer("y", w.backend("c", count(0)), w.backend("d", count(0)))
	w.serve(on("a.com", to("/x", "x"), to("/y", "y")))
	for path, want := range map[string]int{"/x": 503, "/y": 502} {
		if status, _ := fetch(t, w.client(internetPlain), get("http://a.com"+path)); status != want {
			t.Errorf("%s: status %d", path, status)
		}
		if n := len(requests); n != 1 {
			t.Errorf("%s: %d requests", path, n)
		}
		<-requests
	}
}

// TestPodlessShares: beside pods the relay has the requests for the revision
// without any; where the load balancer hands over all of them it shares them as
// the host says, whoever has pods.
func TestPodlessShares(t *testing.T) {
	w := newWorld(t, nil)
	answer := func(text string) http.HandlerFunc {
		return func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, text) }
	}
	pod, activator := w.backend("v1", answer("pod")), w.backend("v2", answer("activator"))
	host := on("a.com", ingress.Path{Prefix: "/", Splits: []ingress.Split{part("v1", 70), part("v2", 30)}})
	w.serve(host)
	podless := internetPlain
	podless.Podless = true
	// step expects some of 10 requests, give or take one, at the pod.
	step := func(name string, e Entry, want int) {
		t.Helper()
		got := map[string]int{}
		for range 10 {
			_, body := fetch(t, w.client(e), get("http://a.com/"))
			got[body]++
		}
		if n := got["pod"]; n < want-1 || n > want+1 || n+got["activator"] != 10 || want == 0 && n > 0 {
			t.Errorf("%s: %v, want %d at the pod", name, got, want)
		}
	}
	step("no pods", internetPlain, 7)
	step("no pods any more", podless, 7)
	w.services.set("v1", []backend.Address{pod}, []backend.Address{pod})
	w.table.Refresh(named("v1"))
	step("v1 has pods", podless, 0)
	step("v1 has pods, and the relay all requests", internetPlain, 7)
	w.services.set("v1", nil, []backend.Address{pod})
	w.services.set("v2", nil, []backend.Address{activator})
	w.table.Refresh(named("v1"))
	w.table.Refresh(named("v2"))
	step("pods before the public Service has them", podless, 7)
}
