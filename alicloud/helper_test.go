package alicloud

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"runtime"
	"sync"
	"testing"
	"time"

	clocktesting "k8s.io/utils/clock/testing"
)

// testProduct is a product with one limited action.
var testProduct = &Product{
	Name:     "Shop",
	Version:  "2026-01-01",
	Endpoint: func(region string, vpc bool) string { return "shop." + region + ".invalid" },
	Limits:   map[string]Limit{"Limited": {Rate: 10, Burst: 2}},
	Classes:  map[string]Class{"Shop.SoldOut": ClassStock, "Shop.SoldOut.Forever": ClassInvalid},
	Secret:   func(param string) bool { return param == "Password" },
}

const (
	testSecret = "testSecretValue123"
	testToken  = "testTokenValue456"
)

// received is one request that reached the test server.
type received struct {
	query, form url.Values
	header      http.Header
	method      string
	length      int // of the request URI
}

// get returns a parameter from wherever it was sent.
func (r received) get(name string) string {
	if v := r.query.Get(name); v != "" {
		return v
	}
	return r.form.Get(name)
}

// server answers from a script; the last answer repeats.
type server struct {
	*httptest.Server
	mu      sync.Mutex
	got     []received
	answers []http.HandlerFunc
}

func newServer(t *testing.T, answers ...http.HandlerFunc) *server {
	t.Helper()
	s := &server{answers: answers}
	s.Server = httptest.NewServer(http.HandlerFunc(s.serve))
	t.Cleanup(s.Close)
	return s
}

func (s *server) serve(w http.ResponseWriter, r *http.Request) {
	_ = r.ParseForm()
	s.mu.Lock()
	n := len(s.got)
	s.got = append(s.got, received{
		query: r.URL.Query(), form: r.PostForm, header: r.Header, method: r.Method, length: len(r.RequestURI),
	})
	answer := s.answers[min(n, len(s.answers)-1)]
	s.mu.Unlock()
	answer(w, r)
}

func (s *server) requests() []received {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]received(nil), s.got...)
}

func ok(body string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, body) }
}

func fail(status int, code, message string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(status)
		fmt.Fprintf(w, `{"Code":%q,"Message":%q,"RequestId":"R-1","HostId":"h"}`, code, message)
	}
}

// hangUp drops the connection without an answer.
func hangUp(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }

func testKey(t *testing.T) Credentials {
	t.Helper()
	c, err := StaticKey("test-id", testSecret, testToken)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// newTestClient retries without pauses.
func newTestClient(t *testing.T, s *server, change func(*Config)) *Client {
	t.Helper()
	cfg := Config{
		Region: "cn-test", Credentials: testKey(t),
		Endpoints: map[string]string{"shop": s.URL},
		Retry:     &RetryPolicy{Attempts: 4, Base: 1, ThrottleBase: 1, Cap: 1, Jitter: func(int64) int64 { return 0 }},
	}
	if change != nil {
		change(&cfg)
	}
	c, err := New(cfg)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func call(t *testing.T, c *Client, action string, params map[string]string) error {
	t.Helper()
	return c.Call(context.Background(), Request{Product: testProduct, Action: action, Params: params}, nil)
}

// step moves a fake clock on whenever somebody waits for it, until stop.
func step(c *clocktesting.FakeClock, by time.Duration, stop <-chan struct{}) {
	for {
		select {
		case <-stop:
			return
		default:
		}
		if c.HasWaiters() {
			c.Step(by)
		}
		runtime.Gosched()
	}
}
