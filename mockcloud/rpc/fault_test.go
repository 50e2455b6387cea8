package rpc_test

import (
	"errors"
	"testing"
	"time"

	testclock "k8s.io/utils/clock/testing"

	"github.com/ebb-node/ebb/mockcloud/internal/wire"
	"github.com/ebb-node/ebb/mockcloud/rpc"
)

func mustAdd(t *testing.T, server *rpc.Server, f rpc.Fault) rpc.Fault {
	t.Helper()
	added, err := server.AddFault(f)
	if err != nil {
		t.Fatal(err)
	}
	return added
}

func TestAFaultHitsMatchingCallsACertainNumberOfTimes(t *testing.T) {
	server, client := door(t, rpc.Config{QuotasLifted: true})
	mustAdd(t, server, rpc.Fault{
		Action: "Buy", Match: map[string]string{"Box.N.Label": "bad"}, Skip: 1, Times: 2, Code: "ServiceUnavailable", Status: 503,
	})
	good, bad := wire.Params{"Name": "n", "Box.1.Label": "good"}, wire.Params{"Name": "n", "Box.1.Label": "good", "Box.2.Label": "bad"}
	steps := []struct {
		params wire.Params
		fails  bool
	}{{good, false}, {bad, false}, {bad, true}, {good, false}, {bad, true}, {bad, false}}
	for i, step := range steps {
		err := client.Call("Buy", step.params, nil)
		if (err != nil) != step.fails {
			t.Errorf("call %d: %v, want failure %v", i, err, step.fails)
		}
		if err != nil {
			if code, status := failure(t, err); code != "ServiceUnavailable" || status != 503 {
				t.Errorf("call %d: %s (%d)", i, code, status)
			}
		}
	}
	if list := server.Faults(); len(list) != 1 || list[0].Hits != 2 {
		t.Errorf("faults %+v", list)
	}
}

func TestADroppedReplyLeavesTheWorkDone(t *testing.T) {
	server, client := door(t, rpc.Config{})
	mustAdd(t, server, rpc.Fault{Drop: true, Times: 1})
	err := client.Call("Buy", wire.Params{"Name": "n"}, nil)
	var f *wire.Failure
	if err == nil || errors.As(err, &f) {
		t.Fatalf("error = %v, want a broken connection", err)
	}
	calls := server.Calls("Buy")
	if len(calls) == 0 || !calls[0].Dropped || calls[0].Status != 200 {
		t.Errorf("calls %+v, want a dropped success", calls)
	}
}

func TestAThrottleFaultAndItsRemoval(t *testing.T) {
	server, client := door(t, rpc.Config{QuotasLifted: true})
	f := mustAdd(t, server, rpc.Fault{Throttle: true})
	if code, status := failure(t, client.Call("Buy", wire.Params{"Name": "n"}, nil)); code != "Throttling.User" || status != 400 {
		t.Errorf("got %s (%d)", code, status)
	}
	if n := server.RemoveFaults(f.ID); n != 1 {
		t.Errorf("removed %d", n)
	}
	if err := client.Call("Buy", wire.Params{"Name": "n"}, nil); err != nil {
		t.Error(err)
	}
}

func TestDelaysFollowTheBaseClock(t *testing.T) {
	base := testclock.NewFakeClock(time.Now())
	server, client := door(t, rpc.Config{Clock: base, Delays: map[string]time.Duration{"Buy": time.Second}})
	mustAdd(t, server, rpc.Fault{Delay: rpc.Duration(time.Minute), Times: 1})
	done := make(chan error)
	go func() { done <- client.Call("Buy", wire.Params{"Name": "n"}, nil) }()
	for !base.HasWaiters() {
		time.Sleep(time.Millisecond) // until the call waits
	}
	base.Step(time.Minute)
	select {
	case err := <-done:
		t.Fatalf("answered before its time: %v", err)
	default:
	}
	base.Step(time.Second)
	if err := <-done; err != nil {
		t.Error(err)
	}
	if took := server.Calls("Buy")[0].Duration; took != 61*time.Second {
		t.Errorf("took %v", took)
	}
}

func TestFaultsThatDoNothingAreRefused(t *testing.T) {
	server, _ := door(t, rpc.Config{})
	for _, f := range []rpc.Fault{{}, {Action: "Buy"}, {Status: 500}, {Code: "X", Drop: true}} {
		if _, err := server.AddFault(f); err == nil {
			t.Errorf("accepted %+v", f)
		}
	}
}
