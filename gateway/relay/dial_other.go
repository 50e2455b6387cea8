//go:build !linux

package relay

import (
	"syscall"
	"time"
)

// abandonAfter leaves it to the system: ebb relays on Linux.
func abandonAfter(time.Duration) func(network, address string, conn syscall.RawConn) error {
	return nil
}
