package alicloud

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/aliyun/alibaba-cloud-sdk-go/sdk"
	"github.com/aliyun/alibaba-cloud-sdk-go/sdk/auth/credentials"
	"github.com/aliyun/alibaba-cloud-sdk-go/sdk/requests"
	"github.com/google/go-cmp/cmp"
)

func TestCallDecodesAnswer(t *testing.T) {
	s := newServer(t, ok(`{"Name":"x","count":3}`))
	var out struct {
		Name  string
		Count int
	}
	err := newTestClient(t, s, nil).Call(context.Background(), Request{Product: testProduct, Action: "Get"}, &out)
	if err != nil || out.Name != "x" || out.Count != 3 {
		t.Fatalf("got %+v, %v", out, err)
	}
}

// The request on the wire must be the one that the SDK's own client sends.
func TestWireIsTheSDKClients(t *testing.T) {
	params := map[string]string{"A": "with space * ~ + ü", "Empty": "", "List.1.X": "1"}
	ours := newServer(t, ok("{}"))
	if err := call(t, newTestClient(t, ours, nil), "Get", params); err != nil {
		t.Fatal(err)
	}
	theirs := newServer(t, ok("{}"))
	client, err := sdk.NewClientWithOptions("cn-test", sdk.NewConfig(),
		credentials.NewStaticSTSCredentialsProvider("test-id", testSecret, testToken))
	if err != nil {
		t.Fatal(err)
	}
	request := requests.NewCommonRequest()
	request.Product, request.Version, request.ApiName = "Shop", "2026-01-01", "Get"
	request.Domain, request.Scheme, request.Method = strings.TrimPrefix(theirs.URL, "http://"), "http", "POST"
	for k, v := range params {
		request.QueryParams[k] = v
	}
	if _, err := client.ProcessCommonRequest(request); err != nil {
		t.Fatal(err)
	}

	a, b := ours.requests()[0], theirs.requests()[0]
	for _, varies := range []string{"SignatureNonce", "Signature", "Timestamp"} {
		if a.query.Get(varies) == "" {
			t.Errorf("%s is not sent", varies)
		}
		a.query.Del(varies)
		b.query.Del(varies)
	}
	a.header.Set("X-Sdk-Invoke-Type", "common") // says which type of the SDK was used
	if diff := cmp.Diff(b.query, a.query); diff != "" {
		t.Errorf("query (-sdk +ours): %s", diff)
	}
	if diff := cmp.Diff(b.header, a.header); diff != "" {
		t.Errorf("header (-sdk +ours): %s", diff)
	}
	if a.method != b.method {
		t.Errorf("method %s, SDK %s", a.method, b.method)
	}
}

func TestLongParametersTravelInTheBody(t *testing.T) {
	s := newServer(t, ok("{}"))
	c := newTestClient(t, s, nil)
	short := map[string]string{"File": strings.Repeat("a", 5000), "Other": "1"}
	long := map[string]string{"File": strings.Repeat("=", 5000), "Other": "1"}
	for _, p := range []map[string]string{short, long} {
		if err := call(t, c, "Put", p); err != nil {
			t.Fatal(err)
		}
	}
	got := s.requests()
	if got[0].query.Get("File") != short["File"] || len(got[0].form) != 0 {
		t.Error("a short request must travel in the query alone")
	}
	if got[1].form.Get("File") != long["File"] || got[1].form.Get("Other") != "1" || got[1].query.Has("Other") {
		t.Error("a long request's parameters must travel in the body alone")
	}
	if got[1].query.Get("Action") != "Put" || got[1].query.Get("Signature") == "" {
		t.Error("the protocol's parameters must stay in the query")
	}
	for i, r := range got {
		if r.length > defaultMaxURL {
			t.Errorf("request %d: URI of %d bytes, more than %d", i, r.length, defaultMaxURL)
		}
	}
}

func TestContextEndsCall(t *testing.T) {
	release := make(chan struct{})
	defer close(release)
	arrived := make(chan struct{}, 1)
	s := newServer(t, func(http.ResponseWriter, *http.Request) { arrived <- struct{}{}; <-release })
	ctx, cancel := context.WithCancel(context.Background())
	go func() { <-arrived; cancel() }()
	err := newTestClient(t, s, nil).Call(ctx, Request{Product: testProduct, Action: "Slow"}, nil)
	if !errors.Is(err, context.Canceled) {
		t.Fatalf("got %v", err)
	}
	if n := len(s.requests()); n != 1 {
		t.Errorf("%d requests; a call that is given up must not be repeated", n)
	}
}

func TestAttemptTimesOut(t *testing.T) {
	release := make(chan struct{})
	defer close(release)
	s := newServer(t, func(http.ResponseWriter, *http.Request) { <-release })
	key := &countedKey{Credentials: testKey(t)}
	c := newTestClient(t, s, func(c *Config) { c.Timeout, c.Credentials = 20*time.Millisecond, key })
	err := call(t, c, "Slow", nil)
	var e *Error
	if !errors.As(err, &e) || e.Code != CodeTimeout || !IsRetryable(err) {
		t.Fatalf("got %v", err)
	}
	if n := key.asked.Load(); n != 4 {
		t.Errorf("%d attempts, want 4", n)
	}
}

// countedKey counts the attempts, which each need a key.
type countedKey struct {
	Credentials
	asked atomic.Int32
}

func (k *countedKey) Get(ctx context.Context) (AccessKey, error) {
	k.asked.Add(1)
	return k.Credentials.Get(ctx)
}

// lostKey has no key to give.
type lostKey struct{}

func (lostKey) Get(context.Context) (AccessKey, error) {
	return AccessKey{}, errors.New("credentials: the drawer is empty")
}

func TestCallWithoutKey(t *testing.T) {
	s := newServer(t, ok("{}"))
	err := call(t, newTestClient(t, s, func(c *Config) { c.Credentials = lostKey{} }), "Do", nil)
	if !IsCredential(err) || !strings.Contains(err.Error(), "shop Do: Client.Credentials: credentials: the drawer is empty") {
		t.Errorf("got %v", err)
	}
	if n := len(s.requests()); n != 0 {
		t.Errorf("%d requests without a key", n)
	}
}

func TestRedirectIsNotFollowed(t *testing.T) {
	elsewhere := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {
		t.Error("a signed request was sent elsewhere")
	}))
	defer elsewhere.Close()
	s := newServer(t, func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, elsewhere.URL, http.StatusTemporaryRedirect)
	})
	if err := call(t, newTestClient(t, s, nil), "Get", nil); err == nil {
		t.Fatal("no error")
	}
}

func TestEndpoint(t *testing.T) {
	product := &Product{Name: "Shop", Endpoint: func(region string, vpc bool) string {
		if vpc {
			return "shop-vpc." + region + ".example"
		}
		return "shop." + region + ".example"
	}}
	tests := []struct {
		name, override string
		vpc            bool
		want           string
	}{
		{name: "default is HTTPS", want: "https://shop.cn-test.example"},
		{name: "inside a VPC", vpc: true, want: "https://shop-vpc.cn-test.example"},
		{name: "host", override: "10.0.0.1:8443", want: "https://10.0.0.1:8443"},
		{name: "HTTP only when said", override: "http://127.0.0.1:80/", want: "http://127.0.0.1:80"},
		{name: "path", override: "https://x/y", want: "error"},
		{name: "scheme", override: "ftp://x", want: "error"},
		{name: "user", override: "https://a:b@x", want: "error"},
		{name: "nothing", override: "https://", want: "error"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			c := Config{Region: "cn-test", VPC: tt.vpc, Endpoints: map[string]string{"shop": tt.override}}
			got, err := c.endpointOf(product)
			if tt.want == "error" {
				if err == nil {
					t.Fatalf("got %s, want an error", got)
				}
				return
			}
			if err != nil || got.String() != tt.want {
				t.Fatalf("got %s, %v; want %s", got, err, tt.want)
			}
		})
	}
}

func TestConfigErrors(t *testing.T) {
	key := testKey(t)
	for name, cfg := range map[string]Config{
		"no region given":       {Credentials: key},
		`region "a/b" is not`:   {Region: "a/b", Credentials: key},
		"no credentials given":  {Region: "cn-test"},
		"endpoint of eci: it m": {Region: "cn-test", Credentials: key, Endpoints: map[string]string{"eci": "http://x/y"}},
	} {
		if _, err := New(cfg); err == nil || !strings.Contains(err.Error(), name) {
			t.Errorf("got %v, want %q", err, name)
		}
	}
}
