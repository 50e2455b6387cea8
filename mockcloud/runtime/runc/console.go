package runc

import (
	"errors"
	"fmt"
	"net"
	"os"
	"time"

	"golang.org/x/sys/unix"

	"github.com/ebb-node/ebb/mockcloud/runtime"
)

// consoleSocket is where runc hands over a terminal, relative to its working
// directory: paths of sockets are limited to 108 bytes.
const consoleSocket = "tty.sock"

// console receives a terminal from runc.
type console struct {
	dir      *os.File
	listener *net.UnixListener
}

func listenConsole(dir string) (*console, error) {
	d, err := os.Open(dir)
	if err != nil {
		return nil, err
	}
	address := &net.UnixAddr{Net: "unix", Name: fdPath(d) + "/" + consoleSocket}
	listener, err := net.ListenUnix("unix", address)
	if err != nil {
		d.Close()
		return nil, fmt.Errorf("console socket: %w", err)
	}
	return &console{d, listener}, nil
}

func (c *console) close() {
	c.listener.Close()
	c.dir.Close()
}

// receive takes the terminal; runc sends it before it returns.
func (c *console) receive() (*os.File, error) {
	if err := c.listener.SetDeadline(time.Now().Add(10 * time.Second)); err != nil {
		return nil, err
	}
	conn, err := c.listener.AcceptUnix()
	if err != nil {
		return nil, fmt.Errorf("receive terminal: %w", err)
	}
	defer conn.Close()
	rights := make([]byte, unix.CmsgSpace(4))
	_, n, _, _, err := conn.ReadMsgUnix(make([]byte, 4096), rights)
	if err != nil {
		return nil, fmt.Errorf("receive terminal: %w", err)
	}
	messages, err := unix.ParseSocketControlMessage(rights[:n])
	if err != nil || len(messages) != 1 {
		return nil, errors.New("receive terminal: runc sent none")
	}
	fds, err := unix.ParseUnixRights(&messages[0])
	if err != nil || len(fds) != 1 {
		return nil, errors.New("receive terminal: runc sent none")
	}
	unix.CloseOnExec(fds[0])
	if err := unix.SetNonblock(fds[0], true); err != nil {
		return nil, err
	}
	return os.NewFile(uintptr(fds[0]), "terminal"), nil
}

// resize sets a terminal's size.
func resize(tty *os.File, size runtime.Size) error {
	conn, err := tty.SyscallConn()
	if err != nil {
		return err
	}
	var ioctlErr error
	err = conn.Control(func(fd uintptr) {
		ioctlErr = unix.IoctlSetWinsize(int(fd), unix.TIOCSWINSZ, &unix.Winsize{Row: size.Height, Col: size.Width})
	})
	return errors.Join(err, ioctlErr)
}
