package balancer

import (
	"bufio"
	"errors"
	"io"
	"net"
	"net/http"
	"testing"
	"time"

	kclock "k8s.io/utils/clock"
	testclock "k8s.io/utils/clock/testing"
)

func TestAConnectionIsClosedAfterItsRequests(t *testing.T) {
	r := newRig(t, Config{Limits: Limits{KeepAliveRequests: 3}})
	l := web("g")
	l.Rules = []Rule{{Name: "none", Domain: "none", URL: "/x", Group: "g"}}
	r.apply([]Group{group("g", named(t, "a"))}, l)
	for _, last := range []string{"a", "none"} { // forwarded, and answered here
		conn, err := net.Dial("tcp", r.address(80))
		if err != nil {
			t.Fatal(err)
		}
		defer conn.Close()
		reader := bufio.NewReader(conn)
		for i, host := range []string{"a", "none", last} {
			if _, err := io.WriteString(conn, "GET / HTTP/1.1\r\nHost: "+host+"\r\n\r\n"); err != nil {
				t.Fatal(err)
			}
			response, err := http.ReadResponse(reader, nil)
			if err != nil {
				t.Fatal(err)
			}
			body(t, response)
			if response.Close != (i == 2) {
				t.Errorf("request %d: closes the connection = %v", i+1, response.Close)
			}
		}
		if _, err := reader.ReadByte(); !errors.Is(err, io.EOF) {
			t.Errorf("after the last request the connection says %v", err)
		}
	}
}

func TestAnIdleConnectionIsClosed(t *testing.T) {
	r := newRig(t, Config{})
	l := web("g")
	l.IdleTimeout = time.Millisecond
	r.apply([]Group{group("g", named(t, "a"))}, l)
	conn, err := net.Dial("tcp", r.address(80))
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	if _, err := io.WriteString(conn, "GET / HTTP/1.1\r\nHost: a\r\n\r\n"); err != nil {
		t.Fatal(err)
	}
	if _, err := io.ReadAll(conn); err != nil { // returns once it is closed
		t.Errorf("the connection ended with %v", err)
	}
}

// closeable is a connection that tells when it is closed.
type closeable struct {
	net.Conn
	closed chan struct{}
}

func (c closeable) Close() error {
	close(c.closed)
	return nil
}

func TestOnlyThePresentIdlePeriodCounts(t *testing.T) {
	clock := testclock.NewFakeClock(time.Unix(1000, 0))
	limit := 10 * time.Second
	conns := &clientConns{clock: clock, idle: map[net.Conn]kclock.Timer{}, limit: func(bool) time.Duration { return limit }}
	conn := closeable{closed: make(chan struct{})}

	conns.changed(conn, http.StateIdle)
	clock.Step(9 * time.Second)
	conns.changed(conn, http.StateActive)
	clock.Step(time.Hour)
	conns.changed(conn, http.StateIdle)
	clock.Step(9 * time.Second)
	select {
	case <-conn.closed:
		t.Fatal("closed too early")
	default:
	}
	limit = time.Hour // for the next period only
	clock.Step(time.Second)
	<-conn.closed

	other := closeable{closed: make(chan struct{})}
	conns.changed(other, http.StateIdle)
	conns.changed(other, http.StateClosed)
	if clock.HasWaiters() || len(conns.idle) > 0 {
		t.Error("a closed connection is still waited for")
	}
}

func TestHTTP2HasItsOwnIdleLimit(t *testing.T) {
	table := &table{listener: Listener{IdleTimeout: time.Second}}
	limits := Limits{}.withDefaults()
	if got := table.idleLimit(false, limits); got != time.Second {
		t.Errorf("HTTP/1 is closed after %v", got)
	}
	if got := table.idleLimit(true, limits); got != 180*time.Second {
		t.Errorf("HTTP/2 is closed after %v", got)
	}
}
