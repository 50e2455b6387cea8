package balancer

import (
	"errors"
	"io"
	"net"
	"strings"
	"syscall"
	"testing"
	"time"

	testclock "k8s.io/utils/clock/testing"
)

// stream is a TCP listener on port 90.
func stream(group string) Listener {
	return Listener{Port: 90, Protocol: TCP, Running: true, DefaultGroup: group}
}

// tcpBackend is a member that does something with each connection.
func tcpBackend(t *testing.T, id string, handle func(*net.TCPConn)) Member {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	go func() {
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			go func() {
				defer conn.Close()
				handle(conn.(*net.TCPConn))
			}()
		}
	}()
	return memberAt(t, id, l.Addr())
}

// greeting is a member that says its name, then repeats what it hears.
func greeting(t *testing.T, name string) Member {
	return tcpBackend(t, name, func(conn *net.TCPConn) {
		_, _ = io.WriteString(conn, name)
		_, _ = io.Copy(conn, conn)
	})
}

// dialGreeted connects and answers the name of the member.
func dialGreeted(t *testing.T, r *rig) (*net.TCPConn, string) {
	t.Helper()
	conn, err := net.Dial("tcp", r.address(90))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.Close() })
	name := make([]byte, 1)
	if _, err := io.ReadFull(conn, name); err != nil {
		t.Fatal(err)
	}
	return conn.(*net.TCPConn), string(name)
}

// say demands that the other side repeats a word.
func say(t *testing.T, conn net.Conn, word string) {
	t.Helper()
	if _, err := io.WriteString(conn, word); err != nil {
		t.Fatal(err)
	}
	got := make([]byte, len(word))
	if _, err := io.ReadFull(conn, got); err != nil || string(got) != word {
		t.Fatalf("echo = %q, %v", got, err)
	}
}

func TestTCPConnectionsAreSharedByWeight(t *testing.T) {
	r := newRig(t, Config{})
	r.apply([]Group{group("g", greeting(t, "a").weighing(1), greeting(t, "b").weighing(3), greeting(t, "c").weighing(0))}, stream("g"))
	got := map[string]int{}
	for range 40 {
		conn, name := dialGreeted(t, r)
		say(t, conn, "coffee")
		conn.Close()
		got[name]++
	}
	if got["a"] != 10 || got["b"] != 30 {
		t.Errorf("connections = %v", got)
	}
}

func TestEachDirectionEndsByItself(t *testing.T) {
	r := newRig(t, Config{})
	m := tcpBackend(t, "a", func(conn *net.TCPConn) {
		all, _ := io.ReadAll(conn) // until the client has said all
		_, _ = io.WriteString(conn, strings.ToUpper(string(all)))
	})
	r.apply([]Group{group("g", m)}, stream("g"))
	conn, err := net.Dial("tcp", r.address(90))
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	if _, err := io.WriteString(conn, "coffee"); err != nil {
		t.Fatal(err)
	}
	if err := conn.(*net.TCPConn).CloseWrite(); err != nil {
		t.Fatal(err)
	}
	if got, err := io.ReadAll(conn); err != nil || string(got) != "COFFEE" {
		t.Errorf("answer = %q, %v", got, err)
	}
}

func TestATCPConnectionWithoutAMemberIsReset(t *testing.T) {
	r := newRig(t, Config{})
	for name, g := range map[string]Group{
		"empty": group("g"), "weight 0": group("g", greeting(t, "a").weighing(0)), "refused": group("g", refusing(t, "a")),
	} {
		r.apply([]Group{g}, stream("g"))
		if err := end(r.address(90)); !errors.Is(err, syscall.ECONNRESET) {
			t.Errorf("%s: the connection ended with %v", name, err)
		}
	}
}

// end is how a connection ends on which the client says nothing. A reset may
// come before the client even knows that it was connected.
func end(address string) error {
	conn, err := net.Dial("tcp", address)
	if err != nil {
		return err
	}
	defer conn.Close()
	_, err = io.Copy(io.Discard, conn)
	return err
}

func TestTCPConnectionsOutliveTheirMember(t *testing.T) {
	r := newRig(t, Config{})
	a := greeting(t, "a")
	r.apply([]Group{group("g", a)}, stream("g"))
	conn, _ := dialGreeted(t, r)
	r.apply([]Group{group("g", a.weighing(0))}, stream("g"))
	say(t, conn, "zero")
	r.apply([]Group{group("g")}, stream("g"))
	say(t, conn, "removed")
	r.apply([]Group{group("g")})
	if _, err := io.ReadAll(conn); !errors.Is(err, syscall.ECONNRESET) {
		t.Errorf("with the listener stopped the connection ended with %v", err)
	}
}

func TestDrainingEndsConnectionsOfARemovedMember(t *testing.T) {
	clock := testclock.NewFakeClock(time.Unix(1000, 0))
	r := newRig(t, Config{Clock: clock})
	a, b := greeting(t, "a"), greeting(t, "b")
	l := stream("g")
	l.TCPTimers.Drain = 10 * time.Second
	r.apply([]Group{group("g", a)}, l)
	conn, _ := dialGreeted(t, r)
	say(t, conn, "present")
	r.apply([]Group{group("g", a, b)}, l)

	r.apply([]Group{group("g", b)}, l)
	clock.Step(9 * time.Second)
	say(t, conn, "draining")
	clock.Step(2 * time.Second)
	if _, err := io.ReadAll(conn); !errors.Is(err, syscall.ECONNRESET) {
		t.Errorf("after draining the connection ended with %v", err)
	}
}

func TestAMemberThatComesBackIsNotDrained(t *testing.T) {
	s := newSessions()
	clock := testclock.NewFakeClock(time.Unix(1000, 0))
	cut := make(chan string, 2)
	s.add(&session{member: memberKey{server: "a"}, cut: func() { cut <- "a" }})
	s.add(&session{member: memberKey{server: "b"}, cut: func() { cut <- "b" }})
	asked := make(chan struct{})
	s.drain(clock, time.Second, memberKey{server: "a"}, func() bool { close(asked); return true })
	s.drain(clock, time.Second, memberKey{server: "b"}, func() bool { <-asked; return false })
	s.drain(clock, time.Second, memberKey{server: "c"}, func() bool { t.Error("asked for a member without sessions"); return false })
	clock.Step(time.Second)
	if got := <-cut; got != "b" || len(cut) > 0 {
		t.Errorf("cut %q and %d more", got, len(cut))
	}
}

func TestASilentTCPConnectionIsEnded(t *testing.T) {
	r := newRig(t, Config{})
	l := stream("g")
	l.TCPTimers.Established = time.Millisecond
	r.apply([]Group{group("g", greeting(t, "a"))}, l)
	if err := end(r.address(90)); !errors.Is(err, syscall.ECONNRESET) {
		t.Errorf("the connection ended with %v", err)
	}
}

func TestASessionAfterTheEndIsCutAtOnce(t *testing.T) {
	s := newSessions()
	s.cutAll()
	cut := false
	s.add(&session{cut: func() { cut = true }})
	if !cut {
		t.Error("it lives")
	}
}
