package relay

import (
	"net"
	"syscall"
	"testing"

	"golang.org/x/sys/unix"
)

// TestAVanishedBackendIsAbandoned looks at the connection: to lose packets takes
// more rights than a test has.
func TestAVanishedBackendIsAbandoned(t *testing.T) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close()
	transports := newTransports()
	for name, dial := range map[string]func() (net.Conn, error){
		"HTTP/1": func() (net.Conn, error) {
			return transports.http1.DialContext(t.Context(), "tcp", listener.Addr().String())
		},
		"HTTP/2": func() (net.Conn, error) {
			return transports.h2c.DialContext(t.Context(), "tcp", listener.Addr().String())
		},
	} {
		conn, err := dial()
		if err != nil {
			t.Fatal(err)
		}
		defer conn.Close()
		raw, err := conn.(syscall.Conn).SyscallConn()
		if err != nil {
			t.Fatal(err)
		}
		var milliseconds int
		var asked error
		if err := raw.Control(func(fd uintptr) {
			milliseconds, asked = unix.GetsockoptInt(int(fd), unix.IPPROTO_TCP, unix.TCP_USER_TIMEOUT)
		}); err != nil || asked != nil {
			t.Fatal(err, asked)
		}
		if milliseconds != int(unacknowledged.Milliseconds()) {
			t.Errorf("%s: unacknowledged data is abandoned after %d ms", name, milliseconds)
		}
	}
}
