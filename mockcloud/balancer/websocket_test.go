package balancer

import (
	"crypto/tls"
	"net"
	"net/http"
	"testing"
	"time"

	"github.com/gorilla/websocket"
	testclock "k8s.io/utils/clock/testing"
)

// echoing is a backend that says everything twice over a WebSocket.
func echoing(t *testing.T) Member {
	return backend(t, "echo", func(w http.ResponseWriter, r *http.Request) {
		conn, err := new(websocket.Upgrader).Upgrade(w, r, http.Header{"X-Own": {"kept"}})
		if err != nil {
			t.Error(err)
			return
		}
		defer conn.Close()
		for {
			kind, message, err := conn.ReadMessage()
			if err != nil {
				return
			}
			for range 2 {
				if err := conn.WriteMessage(kind, message); err != nil {
					return
				}
			}
		}
	})
}

func openSocket(t *testing.T, r *rig, port int, scheme string) *websocket.Conn {
	t.Helper()
	dialer := websocket.Dialer{
		NetDial:         func(network, _ string) (net.Conn, error) { return net.Dial(network, r.address(port)) },
		TLSClientConfig: &tls.Config{InsecureSkipVerify: true},
	}
	conn, response, err := dialer.Dial(scheme+"://a.example.com/", nil)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.Close() })
	if response.Header.Get("X-Own") != "kept" {
		t.Errorf("header of the switch = %v", response.Header)
	}
	return conn
}

func echo(t *testing.T, conn *websocket.Conn) {
	t.Helper()
	if err := conn.WriteMessage(websocket.TextMessage, []byte("coffee")); err != nil {
		t.Fatal(err)
	}
	for range 2 {
		if _, got, err := conn.ReadMessage(); err != nil || string(got) != "coffee" {
			t.Fatalf("echo = %q, %v", got, err)
		}
	}
}

func TestWebSocketsPassInBothProtocols(t *testing.T) {
	clock := testclock.NewFakeClock(time.Unix(1000, 0))
	r := newRig(t, Config{Clock: clock, Limits: Limits{WebSocketIdle: time.Hour}})
	l := web("g")
	l.Gzip = true
	r.apply([]Group{group("g", echoing(t))}, l, secure(t, "g"))
	for port, scheme := range map[int]string{80: "ws", 443: "wss"} {
		conn := openSocket(t, r, port, scheme)
		echo(t, conn)
		clock.Step(2 * DefaultRequestTimeout) // which is not for a WebSocket
		echo(t, conn)
	}
}

func TestASilentWebSocketIsDropped(t *testing.T) {
	r := newRig(t, Config{Limits: Limits{WebSocketIdle: time.Millisecond}})
	r.apply([]Group{group("g", echoing(t))}, web("g"))
	conn := openSocket(t, r, 80, "ws")
	if _, _, err := conn.ReadMessage(); err == nil { // returns once it is dropped
		t.Error("a message arrived")
	}
}

func TestAWebSocketOutlivesItsMemberButNotItsListener(t *testing.T) {
	r := newRig(t, Config{})
	m := echoing(t)
	r.apply([]Group{group("g", m)}, web("g"))
	conn := openSocket(t, r, 80, "ws")
	r.apply([]Group{group("g", m.weighing(0))}, web("g"))
	echo(t, conn)
	r.apply([]Group{group("g")}, web("g"))
	echo(t, conn)
	r.apply(nil)
	if _, _, err := conn.ReadMessage(); err == nil {
		t.Error("a message arrived after the listener was stopped")
	}
}

func TestABackendMayRefuseToSwitch(t *testing.T) {
	r := newRig(t, Config{})
	r.apply([]Group{group("g", backend(t, "a", func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusForbidden) }))}, web("g"))
	dialer := websocket.Dialer{NetDial: func(network, _ string) (net.Conn, error) { return net.Dial(network, r.address(80)) }}
	_, response, err := dialer.Dial("ws://a.example.com/", nil)
	if err == nil || response == nil || response.StatusCode != http.StatusForbidden {
		t.Errorf("dial = %v, %v", response, err)
	}
}
