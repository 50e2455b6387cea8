package alicloud

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	clocktesting "k8s.io/utils/clock/testing"
)

func environment(pairs ...string) func(string) string {
	env := map[string]string{}
	for i := 0; i < len(pairs); i += 2 {
		env[pairs[i]] = pairs[i+1]
	}
	return func(name string) string { return env[name] }
}

func TestEnvironmentKey(t *testing.T) {
	tests := []struct {
		name string
		env  []string
		want string
	}{
		{"no id", nil, "ALIBABA_CLOUD_ACCESS_KEY_ID is not set"},
		{"no secret", []string{envID, "a"}, "ALIBABA_CLOUD_ACCESS_KEY_SECRET is not"},
		{"key", []string{envID, "a", envSecret, "b"}, ""},
		{"temporary key", []string{envID, "a", envSecret, "b", envToken, "c"}, ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			c, err := EnvironmentKey(environment(tt.env...))
			if tt.want != "" {
				if err == nil || !strings.Contains(err.Error(), tt.want) {
					t.Fatalf("got %v, want %q", err, tt.want)
				}
				return
			}
			key, err := c.Get(context.Background())
			getenv := environment(tt.env...)
			if err != nil || key.ID != "a" || key.Secret != "b" || key.Token != getenv(envToken) {
				t.Fatalf("got %v, %v", key, err)
			}
		})
	}
}

func TestNewCredentialsChoosesSource(t *testing.T) {
	tests := []struct {
		name string
		env  []string
		want string
		fail bool
	}{
		{name: "key", env: []string{envID, "a", envSecret, "b", envOIDCToken, "f"}, want: "environment"},
		{name: "half a key", env: []string{envID, "a", envOIDCToken, "f", envOIDCProvider, "p", envRole, "r"}, want: envSecret, fail: true},
		{name: "half of RRSA: role", env: []string{envOIDCToken, "f", envOIDCProvider, "p"}, want: envRole + " is not set", fail: true},
		{name: "half of RRSA: provider", env: []string{envOIDCToken, "f", envRole, "r"}, want: envOIDCProvider + " is not set", fail: true},
		{name: "half of RRSA: token", env: []string{envOIDCProvider, "p", envRole, "r"}, want: envOIDCToken + " is not set", fail: true},
		{name: "a role alone is somebody else's", env: []string{envRole, "r"}, want: "instance role"},
		{name: "nothing", want: "instance role"},
	}
	metadata := httptest.NewServer(http.HandlerFunc(serveInstanceRole))
	defer metadata.Close()
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			c, err := NewCredentials(CredentialOptions{
				Getenv: environment(tt.env...), Instance: InstanceRole{MetadataURL: metadata.URL},
			})
			if tt.fail {
				if err == nil || !strings.Contains(err.Error(), tt.want) {
					t.Fatalf("got %v, want %q", err, tt.want)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			key, err := c.Get(context.Background())
			if err != nil || !strings.HasPrefix(key.Source, tt.want) {
				t.Fatalf("got key from %q, %v; want %q", key.Source, err, tt.want)
			}
		})
	}
}

const farAway = "2099-01-01T00:00:00Z"

func serveInstanceRole(w http.ResponseWriter, r *http.Request) {
	const path = "/latest/meta-data/ram/security-credentials/"
	switch {
	case r.Method == http.MethodPut && r.URL.Path == "/latest/api/token":
		fmt.Fprint(w, "meta-token")
	case r.Header.Get("X-aliyun-ecs-metadata-token") != "meta-token":
		w.WriteHeader(http.StatusForbidden)
	case r.URL.Path == path:
		fmt.Fprint(w, "ebb-role\n")
	case r.URL.Path == path+"ebb-role":
		fmt.Fprintf(w, `{"AccessKeyId":"STS.x","AccessKeySecret":"s","SecurityToken":"t","Expiration":%q,"Code":"Success"}`, farAway)
	default:
		w.WriteHeader(http.StatusNotFound)
	}
}

func TestInstanceRoleErrors(t *testing.T) {
	answers := func(role, key string, status int) string {
		s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if strings.HasSuffix(r.URL.Path, "/security-credentials/") {
				fmt.Fprint(w, role)
				return
			}
			w.WriteHeader(status)
			fmt.Fprint(w, key)
		}))
		t.Cleanup(s.Close)
		return s.URL
	}
	tests := []struct{ name, url, want string }{
		{"nobody there", "http://127.0.0.1:1", "the metadata service does not answer"},
		{"no role", answers("", "", 200), "the instance has no RAM role"},
		{"unknown role", answers("r", "", 404), "no such RAM role"},
		{"service broken", answers("r", "", 500), "HTTP 500"},
		{"no JSON", answers("r", "<html>", 200), "is not JSON"},
		{"refused", answers("r", `{"Code":"Denied"}`, 200), `"Denied"`},
		{"half a key", answers("r", `{"Code":"Success","AccessKeyId":"i","AccessKeySecret":"hunter22"}`, 200), "lacks a part"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			c, err := NewCredentials(CredentialOptions{Getenv: environment(), Instance: InstanceRole{MetadataURL: tt.url}})
			if err != nil {
				t.Fatal(err)
			}
			_, err = c.Get(context.Background())
			if err == nil || !strings.Contains(err.Error(), tt.want) || !strings.Contains(err.Error(), envID) {
				t.Fatalf("got %v; want %q and what was looked for before", err, tt.want)
			}
			checkClean(t, err.Error())
		})
	}
}

// sts answers the exchange and counts.
func sts(t *testing.T, exchanges *atomic.Int32, expires func() time.Time) *httptest.Server {
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		n := exchanges.Add(1)
		if err := r.ParseForm(); err != nil || r.URL.Query().Get("Action") != "AssumeRoleWithOIDC" || r.URL.Query().Get("Version") != "2015-04-01" {
			t.Errorf("request %s %v", r.URL.RawQuery, err)
		}
		for name, want := range map[string]string{"RoleArn": "acs:ram::1:role/ebb", "OIDCProviderArn": "p", "OIDCToken": "jwt-1", "RoleSessionName": "ebb"} {
			if got := r.PostForm.Get(name); got != want {
				t.Errorf("%s = %q, want %q", name, got, want)
			}
		}
		fmt.Fprintf(w, `{"Credentials":{"AccessKeyId":"STS.%d","AccessKeySecret":"s","SecurityToken":"t","Expiration":%q}}`,
			n, expires().UTC().Format(time.RFC3339))
	}))
	t.Cleanup(s.Close)
	return s
}

func tokenFile(t *testing.T) string {
	file := filepath.Join(t.TempDir(), "token")
	if err := os.WriteFile(file, []byte("jwt-1\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	return file
}

func TestRRSARefreshesBeforeTheEnd(t *testing.T) {
	clock := clocktesting.NewFakeClock(time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC))
	var exchanges atomic.Int32
	s := sts(t, &exchanges, func() time.Time { return clock.Now().Add(time.Hour) })
	c, err := NewRRSA(RoleExchange{
		RoleARN: "acs:ram::1:role/ebb", ProviderARN: "p", TokenFile: tokenFile(t), Endpoint: s.URL, Clock: clock,
	})
	if err != nil {
		t.Fatal(err)
	}
	keyIs := func(want string) {
		t.Helper()
		key, err := c.Get(context.Background())
		if err != nil || key.ID != want {
			t.Fatalf("got %s, %v; want %s", key.ID, err, want)
		}
	}
	keyIs("STS.1")
	clock.Step(54 * time.Minute)
	keyIs("STS.1")
	clock.Step(2 * time.Minute)
	keyIs("STS.2")
	s.Close() // a failed exchange is no error while the old key works
	clock.Step(57 * time.Minute)
	keyIs("STS.2")
	clock.Step(4 * time.Minute)
	if _, err := c.Get(context.Background()); err == nil || !strings.Contains(err.Error(), "cannot reach http://127.0.0.1") {
		t.Fatalf("got %v", err)
	} else {
		checkClean(t, err.Error())
	}
}

func TestRRSARefusal(t *testing.T) {
	s := httptest.NewServer(fail(400, "AuthenticationFail.OIDCToken.Expired", "This JWT jwt-1 expired"))
	defer s.Close()
	c, err := NewRRSA(RoleExchange{RoleARN: "r", ProviderARN: "p", TokenFile: tokenFile(t), Endpoint: s.URL})
	if err != nil {
		t.Fatal(err)
	}
	_, err = c.Get(context.Background())
	if err == nil || !strings.Contains(err.Error(), "AuthenticationFail.OIDCToken.Expired") || strings.Contains(err.Error(), "jwt-1") {
		t.Fatalf("got %v", err)
	}
}

func TestRRSAEndpoint(t *testing.T) {
	for want, x := range map[string]RoleExchange{
		"https://sts.aliyuncs.com":                {},
		"https://sts.cn-beijing.aliyuncs.com":     {Region: "cn-beijing"},
		"https://sts-vpc.cn-beijing.aliyuncs.com": {Region: "cn-beijing", VPC: true},
		"http://127.0.0.1:1":                      {Region: "cn-beijing", Endpoint: "http://127.0.0.1:1"},
	} {
		if got, err := x.endpoint(); err != nil || got.String() != want {
			t.Errorf("got %s, %v; want %s", got, err, want)
		}
	}
}

// A key that the service calls expired is replaced, and the call goes on.
func TestExpiredKeyIsReplaced(t *testing.T) {
	var exchanges atomic.Int32
	exchange := sts(t, &exchanges, func() time.Time { return time.Now().Add(time.Hour) })
	creds, err := NewRRSA(RoleExchange{RoleARN: "acs:ram::1:role/ebb", ProviderARN: "p", TokenFile: tokenFile(t), Endpoint: exchange.URL})
	if err != nil {
		t.Fatal(err)
	}
	s := newServer(t, fail(403, "InvalidSecurityToken.Expired", "x"), ok("{}"))
	if err := call(t, newTestClient(t, s, func(c *Config) { c.Credentials = creds }), "Do", nil); err != nil {
		t.Fatal(err)
	}
	got := s.requests()
	if len(got) != 2 || got[0].get("AccessKeyId") != "STS.1" || got[1].get("AccessKeyId") != "STS.2" {
		t.Fatalf("%d requests", len(got))
	}
	if got[1].get("SecurityToken") != "t" {
		t.Error("the token is not sent")
	}
	// Refused again and again, it ends.
	always := newServer(t, fail(403, "InvalidSecurityToken.Expired", "x"))
	err = call(t, newTestClient(t, always, func(c *Config) { c.Credentials = creds }), "Do", nil)
	if !IsCredential(err) || len(always.requests()) != 2 {
		t.Fatalf("%d requests, %v", len(always.requests()), err)
	}
}

func TestKeysDoNotPrint(t *testing.T) {
	key := AccessKey{ID: "i", Secret: testSecret, Token: testToken, Source: "environment"}
	for _, text := range []string{fmt.Sprint(key), fmt.Sprintf("%v %+v %#v", key, key, key), fmt.Sprintf("%v", &key)} {
		checkClean(t, text)
	}
}
