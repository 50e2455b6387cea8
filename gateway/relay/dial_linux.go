package relay

import (
	"syscall"
	"time"

	"golang.org/x/sys/unix"
)

// abandonAfter bounds how long data may be unacknowledged by the other end.
func abandonAfter(limit time.Duration) func(network, address string, conn syscall.RawConn) error {
	return func(_, _ string, conn syscall.RawConn) error {
		var set error
		err := conn.Control(func(fd uintptr) {
			set = unix.SetsockoptInt(int(fd), unix.IPPROTO_TCP, unix.TCP_USER_TIMEOUT, int(limit.Milliseconds()))
		})
		if err != nil {
			return err
		}
		return set
	}
}
