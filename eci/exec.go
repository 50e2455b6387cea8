package eci

import (
	"context"
	"errors"
	"fmt"
	"strconv"

	"github.com/ebb-node/ebb/alicloud"
)

// ErrExitCodeUnknown means that the command's streams were served to their
// end, and that the service did not tell how the command ended.
var ErrExitCodeUnknown = errors.New("the service does not tell the exit code")

// dialect is how the far end of an exec connection frames its streams. The
// service documents none, so that it is found out by asking: the first command
// without a terminal is preceded by one that does nothing.
type dialect = int32

const (
	dialectUnknown dialect = iota
	dialectChannel
	dialectPlain
)

// probeCommand ends at once where it exists, and fails harmlessly elsewhere.
var probeCommand = []string{"true"}

// Exec runs a command in a container and connects it to the streams until it
// ends, or ctx does. A command that ends with a code other than zero is no
// error. A caller that gives Stdin must close it after Exec returns.
//
// Where the far end does not tell exit codes, a command without a terminal is
// run by /bin/sh, which tells it in the output; with a terminal the code stays
// unknown and the error is ErrExitCodeUnknown, with code -1
// (https://help.aliyun.com/zh/eci/developer-reference/api-eci-2018-08-08-execcontainercommand).
func (c *Client) Exec(ctx context.Context, r ExecRequest, s ExecStreams) (int, error) {
	code, err := c.exec(ctx, r, s)
	if err != nil {
		return -1, fmt.Errorf("exec in container %s of %s: %w", r.Container, r.ContainerGroupID, err)
	}
	return code, nil
}

func (c *Client) exec(ctx context.Context, r ExecRequest, s ExecStreams) (int, error) {
	if len(r.Command) == 0 {
		return -1, invalid("ExecContainerCommand", "no command given")
	}
	known, err := c.dialectFor(ctx, r)
	if err != nil {
		return -1, err
	}
	var exit *sentinel
	if known == dialectPlain && !r.TTY {
		if wrapped, ok := newSentinel(); ok && wrapped.fits(r.Command) {
			exit, r.Command = wrapped, wrapped.wrap(r.Command)
		}
	}
	conn, err := c.open(ctx, r)
	if err != nil {
		return -1, err
	}
	c.dialect.Store(conn.dialect)
	return newSession(conn, s, exit, c.clock).run(ctx)
}

// dialectFor is what the far end speaks, as far as r needs it: a command with a
// terminal is the same in all dialects.
func (c *Client) dialectFor(ctx context.Context, r ExecRequest) (dialect, error) {
	if known := c.dialect.Load(); known != dialectUnknown || r.TTY {
		return known, nil
	}
	probe := r
	probe.Command, probe.Stdin = probeCommand, false
	conn, err := c.open(ctx, probe)
	if err != nil {
		return dialectUnknown, err
	}
	conn.close()
	c.dialect.Store(conn.dialect)
	return conn.dialect, nil
}

// open asks for a session and connects to it.
func (c *Client) open(ctx context.Context, r ExecRequest) (*execConn, error) {
	var a struct {
		WebSocketURI string `json:"WebSocketUri"`
	}
	err := c.cloud.Call(ctx, alicloud.Request{
		Product: product, Action: "ExecContainerCommand", Params: execParams(r),
		Once: true, // a lost answer may have started the command
	}, &a)
	if err != nil {
		return nil, err
	}
	if a.WebSocketURI == "" {
		return nil, missing("ExecContainerCommand", "WebSocketUri")
	}
	return dialExec(ctx, a.WebSocketURI)
}

func execParams(r ExecRequest) params {
	return params{
		"ContainerGroupId": r.ContainerGroupID,
		"ContainerName":    r.Container,
		"Command":          jsonList(r.Command),
		"TTY":              strconv.FormatBool(r.TTY),
		"Stdin":            strconv.FormatBool(r.Stdin),
	}
}
