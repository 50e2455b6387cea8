package alicloud

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

func TestClassify(t *testing.T) {
	tests := []struct {
		code   string
		status int
		want   Class
	}{
		{"Throttling", 400, ClassThrottled},
		{"Throttling.User", 400, ClassThrottled},
		{"Shop.SoldOut", 403, ClassStock},
		{"Shop.SoldOut.Today", 403, ClassStock},
		{"Shop.SoldOut.Forever.Really", 403, ClassInvalid}, // the longest prefix wins
		{"InvalidParameter.Size", 400, ClassInvalid},
		{"InvalidParameter", 503, ClassInvalid}, // the code beats the status
		{"InvalidAccessKeyId.NotFound", 404, ClassCredential},
		{"SignatureDoesNotMatch", 400, ClassCredential},
		{"InvalidSecurityToken.Expired", 403, ClassCredential},
		{"Forbidden.RAM", 403, ClassPermission},
		{"Thing.NotFound", 400, ClassNotFound},
		{"Strange", 404, ClassNotFound},
		{"Strange", 500, ClassService},
		{"Strange", 429, ClassThrottled},
		{"Strange", 400, ClassUnknown},
		{"InternalError", 500, ClassService},
	}
	for _, tt := range tests {
		if got := classify(testProduct, tt.code, tt.status); got != tt.want {
			t.Errorf("classify(%s, %d) = %d, want %d", tt.code, tt.status, got, tt.want)
		}
	}
}

func TestPredicates(t *testing.T) {
	all := map[string]func(error) bool{
		"throttled": IsThrottled, "notfound": IsNotFound, "stock": IsOutOfStock, "addresses": IsOutOfAddresses,
		"quota": IsQuotaExceeded, "arrears": IsArrears, "permission": IsPermission, "credential": IsCredential,
		"spec": IsSpec, "invalid": IsInvalid, "state": IsState, "dryrun": IsDryRun, "unreachable": IsUnreachable,
		"retryable": IsRetryable,
	}
	for class, want := range map[Class]string{
		ClassUnknown: "", ClassThrottled: "throttled retryable", ClassService: "retryable",
		ClassTransport: "unreachable retryable", ClassBusy: "retryable", ClassNonce: "retryable",
		ClassStock: "stock", ClassAddresses: "addresses", ClassQuota: "quota", ClassArrears: "arrears",
		ClassPermission: "permission", ClassCredential: "credential", ClassSpec: "spec invalid",
		ClassInvalid: "invalid", ClassNotFound: "notfound", ClassState: "state", ClassDryRun: "dryrun",
	} {
		err := fmt.Errorf("doing: %w", &Error{Class: class})
		for name, is := range all {
			expected := strings.Contains(" "+want+" ", " "+name+" ")
			if is(err) != expected {
				t.Errorf("class %d: %s is %v, want %v", class, name, is(err), expected)
			}
			if is(errors.New("other")) {
				t.Errorf("%s takes any error", name)
			}
		}
	}
	if !IsRetryable(fmt.Errorf("x: %w", context.DeadlineExceeded)) {
		t.Error("a deadline may be met later")
	}
}

// stringToSign is what the service sends back for a wrong signature: every
// parameter of the request.
const stringToSign = "Specified signature is not matched with our calculation. server string to sign is:POST&%2F&Password%3Dhunter22%26AccessKeyId%3Dtest-id"

func TestErrorsKeepSecrets(t *testing.T) {
	params := map[string]string{"Password": "hunter22", "Name": "shop"}
	tests := []struct {
		name   string
		answer http.HandlerFunc
		want   string
	}{
		{"signature", fail(400, "SignatureDoesNotMatch", stringToSign), "secret does not belong to the access key id"},
		{"echoed value", fail(400, "InvalidParameter", "the value hunter22\nis bad\r\nfor shop"), "the value [redacted] is bad for shop"},
		{"echoed key", fail(400, "Odd", "token "+testToken+" secret "+testSecret), "token [redacted] secret [redacted]"},
		{"long", fail(400, "Odd", strings.Repeat("x", 5000)), "xxx..."},
		{"no answer", hangUp, "EOF"},
		{"not the API", ok("<html>"), "check the endpoint"},
		{"not the API, refusing", func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(403) }, "check the endpoint"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			s := newServer(t, tt.answer)
			var out struct{}
			err := newTestClient(t, s, nil).Call(context.Background(),
				Request{Product: testProduct, Action: "Buy", Params: params}, &out)
			if err == nil {
				t.Fatal("no error")
			}
			text := err.Error()
			checkClean(t, text)
			if !strings.Contains(text, tt.want) || !strings.Contains(text, "shop Buy: ") {
				t.Errorf("got %q, want %q in it", text, tt.want)
			}
			if len(text) > 600 {
				t.Errorf("%d bytes are too long for a line", len(text))
			}
		})
	}
}

func checkClean(t *testing.T, text string) {
	t.Helper()
	for _, bad := range []string{"hunter22", testSecret, testToken, "\n", "\r", "Signature=", "string to sign", "?"} {
		if strings.Contains(text, bad) {
			t.Errorf("%q in %q", bad, text)
		}
	}
}

func TestUnreachableNamesTheEndpoint(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	address := l.Addr().String()
	l.Close()
	s := newServer(t, ok("{}"))
	c := newTestClient(t, s, func(c *Config) { c.Endpoints = map[string]string{"shop": "http://" + address} })
	err = call(t, c, "Buy", map[string]string{"Password": "hunter22"})
	if !IsUnreachable(err) || !strings.Contains(err.Error(), "http://"+address) || !strings.Contains(err.Error(), "connection refused") {
		t.Fatalf("got %v", err)
	}
	checkClean(t, err.Error())
}

func TestCertificateIsChecked(t *testing.T) {
	tls := httptest.NewTLSServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {
		t.Error("a request went to a server that nobody vouches for")
	}))
	defer tls.Close()
	s := newServer(t, ok("{}"))
	c := newTestClient(t, s, func(c *Config) { c.Endpoints = map[string]string{"shop": tls.URL} })
	if err := call(t, c, "Buy", nil); err == nil || !strings.Contains(err.Error(), "certificate") {
		t.Fatalf("got %v", err)
	}
}
