package rpc_test

import (
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	testclock "k8s.io/utils/clock/testing"

	"github.com/ebb-node/ebb/mockcloud/internal/wire"
	"github.com/ebb-node/ebb/mockcloud/rpc"
)

// wares is an action's request that has every kind of parameter.
type wares struct {
	Name  string `rpc:",required"`
	Count *int
	Price float64
	Fresh bool
	Ids   rpc.JSONStrings
	Box   []struct {
		Label  string
		Secret string `rpc:",secret"`
		Thing  []string
		Lid    *struct{ Color string }
	}
	Old string `rpc:"OldName"`
}

// echo answers a request; Ids is apart, since it decodes from one parameter
// only and not from JSON.
type echo struct {
	Got wares
	Ids []string
}

// door starts a front door with one product of one action.
func door(t *testing.T, c rpc.Config) (*rpc.Server, wire.Client) {
	t.Helper()
	c.RegionID = "cn-test"
	c.Credentials = append(c.Credentials, rpc.Credential{AccessKeyID: "id", AccessKeySecret: "secret"})
	c.Products = []rpc.Product{{Name: "Shop", Version: "2020-01-01", Actions: []rpc.Action{
		rpc.Handle("Buy", rpc.Limit{Burst: 5, Refill: 2, Per: time.Second}, func(_ *rpc.Call, r *wares) (any, error) {
			ids := r.Ids
			r.Ids = nil
			return echo{*r, ids}, nil
		}),
		rpc.PostOnly(rpc.Handle("Post", rpc.Limit{}, func(*rpc.Call, *struct{}) (any, error) { return nil, nil })),
		rpc.Handle("Break", rpc.Limit{}, func(*rpc.Call, *struct{}) (any, error) { return nil, errors.New("secret cause") }),
	}}}
	server := rpc.NewServer(c)
	listener := httptest.NewServer(server)
	t.Cleanup(listener.Close)
	return server, wire.Client{
		URL: listener.URL, AccessKeyID: "id", AccessKeySecret: "secret", RegionID: "cn-test", Version: "2020-01-01",
	}
}

// failure answers the code and status that a call was refused with.
func failure(t *testing.T, err error) (string, int) {
	t.Helper()
	var f *wire.Failure
	if !errors.As(err, &f) {
		t.Fatalf("error = %v, want an error answer", err)
	}
	if f.RequestID == "" || f.HostID == "" || f.Message == "" || !strings.Contains(f.Recommend, f.Code) {
		t.Errorf("error body is incomplete: %+v", f)
	}
	return f.Code, f.Status
}

func TestCallsAreAcceptedByEveryWayOfSending(t *testing.T) {
	for _, way := range []struct {
		method string
		body   bool
	}{{"GET", false}, {"POST", false}, {"POST", true}} {
		t.Run(fmt.Sprintf("%s body=%v", way.method, way.body), func(t *testing.T) {
			_, client := door(t, rpc.Config{})
			client.Method, client.Body = way.method, way.body
			var out struct {
				RequestId string
				Got       struct{ Name string }
			}
			name := "a b*c~d/é+&=\n\"\\"
			if err := client.Call("Buy", wire.Params{"Name": name}, &out); err != nil {
				t.Fatal(err)
			}
			if out.Got.Name != name || len(out.RequestId) != 36 {
				t.Errorf("answer %+v", out)
			}
		})
	}
}

func TestEveryKindOfParameterIsDecoded(t *testing.T) {
	_, client := door(t, rpc.Config{})
	var out echo
	err := client.Call("Buy", wire.Params{
		"Name": "n", "Count": "3", "Price": "0.25", "Fresh": "True", "Ids": `["a","b"]`, "OldName": "o",
		"Box.1.Label": "", "Box.2.Thing.1": "x", "Box.2.Thing.2": "y", "Box.2.Lid.Color": "red",
	}, &out)
	if err != nil {
		t.Fatal(err)
	}
	three := 3
	want := wares{Name: "n", Count: &three, Price: 0.25, Fresh: true, Old: "o"}
	want.Box = make([]struct {
		Label  string
		Secret string `rpc:",secret"`
		Thing  []string
		Lid    *struct{ Color string }
	}, 2)
	want.Box[1].Thing = []string{"x", "y"}
	want.Box[1].Lid = &struct{ Color string }{"red"}
	if diff := cmp.Diff(echo{want, []string{"a", "b"}}, out); diff != "" {
		t.Errorf("decoded (-want +got):\n%s", diff)
	}
}

func TestParametersAreCheckedByName(t *testing.T) {
	tests := []struct {
		name   string
		params wire.Params
		code   string
		names  string // in the message
	}{
		{"missing", wire.Params{}, "MissingParameter", "Name"},
		{"empty", wire.Params{"Name": ""}, "MissingParameter", "Name"},
		{"unknown", wire.Params{"Name": "n", "Nme": "x"}, "InvalidParameter", "Nme"},
		{"unknown in a list", wire.Params{"Name": "n", "Box.1.Lable": "x"}, "InvalidParameter", "Box.1.Lable"},
		{"below a scalar", wire.Params{"Name": "n", "Count.1": "x"}, "InvalidParameter", "Count.1"},
		{"list without index", wire.Params{"Name": "n", "Box": "x"}, "InvalidParameter", "Box"},
		{"index zero", wire.Params{"Name": "n", "Box.0.Label": "x"}, "InvalidParameter", "Box.0.Label"},
		{"gap", wire.Params{"Name": "n", "Box.1.Label": "x", "Box.3.Label": "y"}, "InvalidParameter", "Box.3"},
		{"leading zero", wire.Params{"Name": "n", "Box.01.Label": "x"}, "InvalidParameter", "Box.01.Label"},
		{"not an integer", wire.Params{"Name": "n", "Count": "1.5"}, "InvalidParameter", "Count"},
		{"not a number", wire.Params{"Name": "n", "Price": "<int Value>"}, "InvalidParameter", "Price"},
		{"not a boolean", wire.Params{"Name": "n", "Fresh": "yes"}, "InvalidParameter", "Fresh"},
		{"not JSON", wire.Params{"Name": "n", "Ids": "a,b"}, "InvalidParameter", "Ids"},
	}
	_, client := door(t, rpc.Config{QuotasLifted: true})
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			err := client.Call("Buy", test.params, nil)
			code, status := failure(t, err)
			if code != test.code || status != http.StatusBadRequest || !strings.Contains(err.Error(), test.names) {
				t.Errorf("got %v, want %s naming %s", err, test.code, test.names)
			}
		})
	}
}

func TestTheFrontDoorRefuses(t *testing.T) {
	format := "2006-01-02T15:04:05Z"
	at := func(d time.Duration) string { return time.Now().UTC().Add(d).Format(format) }
	tests := []struct {
		name   string
		change func(*wire.Client)
		action string
		params wire.Params
		code   string
		status int
	}{
		{name: "unknown action", action: "Steal", code: "InvalidAction.NotFound", status: 404},
		{name: "unknown version", change: func(c *wire.Client) { c.Version = "1999-01-01" }, code: "InvalidParameter", status: 400},
		{name: "unknown region", change: func(c *wire.Client) { c.RegionID = "cn-mars" }, code: "InvalidRegionId.NotFound", status: 404},
		{name: "no region", params: wire.Params{"RegionId": ""}, code: "MissingParameter", status: 400},
		{name: "XML", params: wire.Params{"Format": "XML"}, code: "InvalidParameter", status: 400},
		{name: "unknown key", change: func(c *wire.Client) { c.AccessKeyID = "thief" }, code: "InvalidAccessKeyId.NotFound", status: 404},
		{name: "wrong secret", change: func(c *wire.Client) { c.AccessKeySecret = "guess" }, code: "SignatureDoesNotMatch", status: 400},
		{name: "wrong signature", params: wire.Params{"Signature": "AAAA"}, code: "SignatureDoesNotMatch", status: 400},
		{name: "no signature", params: wire.Params{"Signature": ""}, code: "MissingParameter", status: 400},
		{name: "other method", params: wire.Params{"SignatureMethod": "HMAC-SHA256"}, code: "InvalidParameter", status: 400},
		{name: "other version", params: wire.Params{"SignatureVersion": "2.0"}, code: "InvalidParameter", status: 400},
		{name: "old", params: wire.Params{"Timestamp": at(-16 * time.Minute)}, code: "InvalidTimeStamp.Expired", status: 400},
		{name: "ahead", params: wire.Params{"Timestamp": at(16 * time.Minute)}, code: "InvalidTimeStamp.Expired", status: 400},
		{name: "no time", params: wire.Params{"Timestamp": "yesterday"}, code: "InvalidTimeStamp.Format", status: 400},
		{name: "token for a plain key", params: wire.Params{"SecurityToken": "t"}, code: "InvalidSecurityToken.MismatchWithAccessKey", status: 400},
		{name: "GET on a POST action", action: "Post", change: func(c *wire.Client) { c.Method = "GET" }, code: "UnsupportedHTTPMethod", status: 405},
		{name: "failing handler", action: "Break", code: "InternalError", status: 500},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			_, client := door(t, rpc.Config{})
			if test.change != nil {
				test.change(&client)
			}
			if test.action == "" {
				test.action = "Buy"
			}
			err := client.Call(test.action, test.params, nil)
			if code, status := failure(t, err); code != test.code || status != test.status {
				t.Errorf("got %s (%d), want %s (%d)", code, status, test.code, test.status)
			}
			if strings.Contains(err.Error(), "secret") {
				t.Errorf("the answer tells too much: %v", err)
			}
		})
	}
}

func TestPutIsRefused(t *testing.T) {
	_, client := door(t, rpc.Config{})
	client.Method = "PUT"
	if code, status := failure(t, client.Call("Buy", nil, nil)); code != "UnsupportedHTTPMethod" || status != 405 {
		t.Errorf("got %s (%d)", code, status)
	}
}

func TestANonceIsGoodOnce(t *testing.T) {
	_, client := door(t, rpc.Config{})
	params := wire.Params{"Name": "n", "SignatureNonce": "once"}
	if err := client.Call("Buy", params, nil); err != nil {
		t.Fatal(err)
	}
	if code, _ := failure(t, client.Call("Buy", params, nil)); code != "SignatureNonceUsed" {
		t.Errorf("second use: %s", code)
	}
}

func TestTemporaryCredentialsNeedTheirTokenAndExpire(t *testing.T) {
	base := testclock.NewFakeClock(time.Now())
	_, client := door(t, rpc.Config{
		Clock: base,
		Credentials: []rpc.Credential{{
			AccessKeyID: "sts", AccessKeySecret: "s", SecurityToken: "token", Expires: base.Now().Add(time.Minute),
		}},
	})
	client.AccessKeyID, client.AccessKeySecret = "sts", "s"
	if code, _ := failure(t, client.Call("Buy", nil, nil)); code != "MissingSecurityToken" {
		t.Errorf("without token: %s", code)
	}
	client.SecurityToken = "token"
	if err := client.Call("Buy", wire.Params{"Name": "n"}, nil); err != nil {
		t.Error(err)
	}
	base.Step(time.Minute)
	if code, _ := failure(t, client.Call("Buy", wire.Params{"Name": "n"}, nil)); code != "InvalidSecurityToken.Expired" {
		t.Errorf("after its end: %s", code)
	}
}

func TestLimitsAreBucketsThatRefill(t *testing.T) {
	base := testclock.NewFakeClock(time.Now())
	server, client := door(t, rpc.Config{Clock: base})
	throttled := func(n int) (refused int) {
		for range n {
			if err := client.Call("Buy", wire.Params{"Name": "n"}, nil); err != nil {
				if code, status := failure(t, err); code != "Throttling.User" || status != 400 {
					t.Fatalf("got %s (%d)", code, status)
				}
				refused++
			}
		}
		return refused
	}
	if got := throttled(8); got != 3 {
		t.Errorf("8 calls at once: %d throttled, want 3 (burst 5)", got)
	}
	base.Step(time.Second)
	if got := throttled(4); got != 2 {
		t.Errorf("4 calls a second later: %d throttled, want 2 (refill 2)", got)
	}
	server.LiftQuotas(true)
	if got := throttled(20); got != 0 {
		t.Errorf("quotas lifted: %d throttled", got)
	}
	server.LiftQuotas(false)
	if got := throttled(6); got != 1 {
		t.Errorf("quotas back: %d of 6 throttled, want 1", got)
	}
}

func TestRefusedSignaturesDoNotCountOnTheLimit(t *testing.T) {
	_, client := door(t, rpc.Config{Clock: testclock.NewFakeClock(time.Now())})
	thief := client
	thief.AccessKeySecret = "guess"
	for range 10 {
		if code, _ := failure(t, thief.Call("Buy", nil, nil)); code != "SignatureDoesNotMatch" {
			t.Fatalf("got %s", code)
		}
	}
	if err := client.Call("Buy", wire.Params{"Name": "n"}, nil); err != nil {
		t.Error(err)
	}
}

func TestCallsAreRecordedWithoutSecrets(t *testing.T) {
	server, client := door(t, rpc.Config{})
	client.Call("Buy", wire.Params{"Name": "n", "Box.1.Secret": "hush", "Box.1.Label": "l"}, nil)
	client.Call("Buy", nil, nil)
	client.Call("Steal", nil, nil)

	want := map[string]map[string]int{"Buy": {"": 1, "MissingParameter": 1}, "Steal": {"InvalidAction.NotFound": 1}}
	if diff := cmp.Diff(want, server.Counts()); diff != "" {
		t.Errorf("counts (-want +got):\n%s", diff)
	}
	calls := server.Calls("Buy")
	if len(calls) != 2 || calls[0].Status != 200 || calls[1].Code != "MissingParameter" {
		t.Fatalf("calls %+v", calls)
	}
	p := calls[0].Parameters
	if p["Box.1.Label"] != "l" || p["Box.1.Secret"] != "(4 bytes)" || strings.Contains(p["Signature"], "=") {
		t.Errorf("recorded %v", p)
	}
	server.ResetCalls()
	if len(server.Calls("")) != 0 || len(server.Counts()) != 0 {
		t.Error("ResetCalls left something")
	}
}
