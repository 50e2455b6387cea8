package eci

import (
	"context"
	"fmt"
	"io"
	"time"

	"github.com/gorilla/websocket"
	"k8s.io/utils/clock"
)

const (
	// pingEvery keeps the connection: idle ones were seen to drop after about
	// 60 s.
	pingEvery = 30 * time.Second
	// stdinChunk is how much input goes into one message.
	stdinChunk = 32 << 10
)

// session serves the streams of one command.
type session struct {
	conn    *execConn
	streams ExecStreams
	exit    *sentinelWriter // nil when the far end tells the exit code
	clock   clock.Clock
	done    chan struct{}
}

func newSession(conn *execConn, streams ExecStreams, exit *sentinel, c clock.Clock) *session {
	if streams.Stdout == nil {
		streams.Stdout = io.Discard
	}
	if streams.Stderr == nil {
		streams.Stderr = io.Discard
	}
	s := &session{conn: conn, streams: streams, clock: c, done: make(chan struct{})}
	if exit != nil {
		s.exit = &sentinelWriter{sentinel: exit, out: streams.Stdout}
		s.streams.Stdout = s.exit
	}
	return s
}

// run serves the streams until the command or ctx ends.
func (s *session) run(ctx context.Context) (int, error) {
	defer s.conn.close()
	defer close(s.done)
	defer context.AfterFunc(ctx, s.conn.close)()
	if s.streams.Stdin != nil {
		go s.pumpStdin()
	}
	go s.pumpControl()

	end := s.pumpOutput()
	if ctx.Err() != nil {
		return -1, ctx.Err()
	}
	if s.exit != nil {
		if err := s.exit.flush(); err != nil {
			return -1, fmt.Errorf("write output: %w", err)
		}
		if s.exit.seen { // whatever the far end says of the shell
			return s.exit.code, nil
		}
	}
	return end.code, end.err
}

// pumpOutput writes output until the far end has said its last word.
func (s *session) pumpOutput() execEnd {
	for {
		_, data, err := s.conn.ws.ReadMessage()
		if websocket.IsCloseError(err, websocket.CloseNormalClosure, websocket.CloseGoingAway) {
			return execEnd{code: -1, err: ErrExitCodeUnknown}
		}
		if err != nil {
			return execEnd{code: -1, err: fmt.Errorf("the connection broke: %w", err)}
		}
		out := s.conn.codec.decode(data)
		if err := s.write(out); err != nil {
			return execEnd{code: -1, err: fmt.Errorf("write output: %w", err)}
		}
		switch {
		case out.end != nil:
			return *out.end
		case s.exit != nil && s.exit.seen:
			return execEnd{code: s.exit.code}
		}
	}
}

func (s *session) write(out output) error {
	if len(out.stdout) > 0 {
		if _, err := s.streams.Stdout.Write(out.stdout); err != nil {
			return err
		}
	}
	if len(out.stderr) > 0 {
		if _, err := s.streams.Stderr.Write(out.stderr); err != nil {
			return err
		}
	}
	return nil
}

// pumpStdin sends input until it ends. A reader that blocks for ever keeps the
// goroutine until its owner closes it.
func (s *session) pumpStdin() {
	buf := make([]byte, stdinChunk)
	for {
		n, err := s.streams.Stdin.Read(buf)
		if n > 0 && s.conn.send(s.conn.codec.stdin(buf[:n])) != nil {
			return
		}
		if err != nil {
			if m, ok := s.conn.codec.stdinEnd(); ok {
				_ = s.conn.send(m)
			}
			return
		}
	}
}

// pumpControl sends pings and terminal sizes.
func (s *session) pumpControl() {
	resize := s.streams.Resize
	timer := s.clock.NewTimer(pingEvery)
	defer timer.Stop()
	for {
		select {
		case <-s.done:
			return
		case <-timer.C():
			_ = s.conn.ping() // a dead connection shows when it is read
			timer.Reset(pingEvery)
		case size, open := <-resize:
			if !open {
				resize = nil
				continue
			}
			if m, ok := s.conn.codec.resize(size); ok {
				_ = s.conn.send(m)
			}
		}
	}
}
