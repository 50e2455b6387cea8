package balancer

import (
	"context"
	"errors"
	"io"
	"net/http"
	"syscall"
	"testing"
	"time"

	testclock "k8s.io/utils/clock/testing"
)

// removals are changes that take a member m out of its group g, or do not,
// beside a member that stays.
var removals = map[string]struct {
	change func(r *rig, m, other Member)
	cuts   bool
}{
	"weight 0":         {func(r *rig, m, other Member) { r.apply([]Group{group("g", m.weighing(0), other)}, web("g")) }, false},
	"another member":   {func(r *rig, m, other Member) { r.apply([]Group{group("g", other, m)}, web("g")) }, false},
	"another group":    {func(r *rig, m, other Member) { r.apply([]Group{group("g", m), group("h", other)}, web("h")) }, false},
	"listener stopped": {func(r *rig, m, other Member) { r.apply([]Group{group("g", m, other)}) }, false},
	"removed":          {func(r *rig, _, other Member) { r.apply([]Group{group("g", other)}, web("g")) }, true},
	"removed later": {func(r *rig, m, other Member) {
		r.apply([]Group{group("g", m, other)})
		r.apply([]Group{group("g", other)})
	}, true},
	"group deleted": {func(r *rig, _, other Member) { r.apply([]Group{group("h", other)}, web("h")) }, true},
}

func TestRequestsMayEndWithTheirMember(t *testing.T) {
	for name, c := range removals {
		t.Run(name, func(t *testing.T) {
			r := newRig(t, Config{CutOnRemoval: true})
			m, arrived, release := holding(t)
			r.apply([]Group{group("g", m)}, web("g"))
			client := r.client(80)
			answer := make(chan string, 1)
			go func() {
				response, err := client.Get("http://a.example.com/")
				if err != nil {
					answer <- "cut"
					return
				}
				all, _ := io.ReadAll(response.Body)
				response.Body.Close()
				answer <- string(all)
			}()
			<-arrived
			c.change(r, m, named(t, "other"))
			want := "cut"
			if !c.cuts {
				release()
				want = "held"
			}
			if got := <-answer; got != want {
				t.Errorf("the request under way got %q, want %q", got, want)
			}
		})
	}
}

func TestAResponseMayBreakOffWithItsMember(t *testing.T) {
	r := newRig(t, Config{CutOnRemoval: true})
	rest := make(chan struct{})
	m := backend(t, "a", func(w http.ResponseWriter, _ *http.Request) {
		_, _ = io.WriteString(w, "half")
		w.(http.Flusher).Flush()
		<-rest
	})
	t.Cleanup(func() { close(rest) })
	r.apply([]Group{group("g", m)}, web("g"))
	response, err := r.client(80).Get("http://a.example.com/")
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	r.apply([]Group{group("g")}, web("g"))
	if all, err := io.ReadAll(response.Body); err == nil || string(all) != "half" {
		t.Errorf("the response ended with %q, %v", all, err)
	}
}

func TestAWebSocketMayEndWithItsMember(t *testing.T) {
	r := newRig(t, Config{CutOnRemoval: true})
	m := echoing(t)
	r.apply([]Group{group("g", m)}, web("g"))
	conn := openSocket(t, r, 80, "ws")
	r.apply([]Group{group("g", m.weighing(0))}, web("g"))
	echo(t, conn)
	r.apply([]Group{group("g")}, web("g"))
	if _, _, err := conn.ReadMessage(); err == nil {
		t.Error("a message arrived after the member was removed")
	}
}

func TestTCPConnectionsMayEndWithTheirMember(t *testing.T) {
	clock := testclock.NewFakeClock(time.Unix(1000, 0))
	for name, drain := range map[string]time.Duration{"at once": 0, "after draining": 10 * time.Second} {
		t.Run(name, func(t *testing.T) {
			r := newRig(t, Config{Clock: clock, CutOnRemoval: true})
			l := stream("g")
			l.TCPTimers.Drain = drain
			m := greeting(t, "a")
			r.apply([]Group{group("g", m)}, l)
			conn, _ := dialGreeted(t, r)
			r.apply([]Group{group("g", m.weighing(0))}, l)
			say(t, conn, "present")
			r.apply([]Group{group("g")}, l)
			if drain > 0 {
				say(t, conn, "draining")
				clock.Step(drain)
			}
			if _, err := io.ReadAll(conn); !errors.Is(err, syscall.ECONNRESET) {
				t.Errorf("the connection ended with %v", err)
			}
		})
	}
}

func TestNothingOfAnEndedRequestIsKept(t *testing.T) {
	r := newRig(t, Config{CutOnRemoval: true})
	r.apply([]Group{group("g", refusing(t, "down"), named(t, "a"))}, web("g"))
	client := r.client(80)
	for range 10 {
		if code, name := r.get(client, "http://a.example.com/"); code != http.StatusOK || name != "a" {
			t.Errorf("%d %s", code, name)
		}
	}
	client.CloseIdleConnections()
	f := r.instances[balancerID].fronts[frontKey{80, HTTP}]
	r.apply(nil) // closes the listener and waits for nothing
	<-f.done
	if n := len(f.exchanges.open); n > 0 {
		t.Errorf("%d requests are remembered after their end", n)
	}
}

func TestARequestThatMeetsARemovalIsCut(t *testing.T) {
	m := Member{ServerID: "a"}
	for name, c := range map[string]struct {
		groups map[string]Group // when the connection is made
		want   error
	}{
		"removed meanwhile": {map[string]Group{"g": group("g")}, errMemberRemoved},
		"there still":       {map[string]Group{"g": group("g", m)}, nil},
	} {
		s := &webServer{exchanges: newSessions(), table: func() *table { return &table{groups: c.groups} }}
		ctx, cancel := context.WithCancelCause(t.Context())
		x := &exchange{ctx: ctx, pool: &pool{key: poolKey{group: "g"}}}
		forget := s.endWithMember(x, cancel)
		x.take(m)
		if got := context.Cause(ctx); got != c.want {
			t.Errorf("%s: the exchange ends with %v, want %v", name, got, c.want)
		}
		cancel(nil)
		forget()
		if n := len(s.exchanges.open); n > 0 {
			t.Errorf("%s: %d exchanges are remembered", name, n)
		}
	}
}
