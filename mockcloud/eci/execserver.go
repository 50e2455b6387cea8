package eci

import (
	"context"
	"io"
	"net/http"
	"time"

	"github.com/gorilla/websocket"

	"github.com/ebb-node/ebb/mockcloud/runtime"
)

// ExecPath is where exec sessions are served; the session's secret is in the
// query.
const ExecPath = "/exec/"

// idleTimeout is how long a session without a frame lives, as a third party
// observed (https://github.com/tuimeo/elastic-ci-executor).
const idleTimeout = 60 * time.Second

// closeWait is how long the peer has to answer a close frame.
const closeWait = time.Second

// ExecHandler serves the websockets of ExecContainerCommand.
func (s *Service) ExecHandler() http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		one, ok := s.sessions.take(r.URL.Query().Get("s"), s.config.Wall.Now())
		if !ok {
			http.Error(w, "no such exec session", http.StatusForbidden)
			return
		}
		upgrader := websocket.Upgrader{CheckOrigin: func(*http.Request) bool { return true }}
		if !s.config.PlainExec {
			upgrader.Subprotocols = channelProtocols
		}
		conn, err := upgrader.Upgrade(w, r, nil)
		if err != nil {
			return // Upgrade has answered
		}
		defer conn.Close()
		s.serveExec(conn, one)
	})
}

// serveExec runs a session's command over a websocket until it ends or the
// peer goes away.
func (s *Service) serveExec(conn *websocket.Conn, one session) {
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	frames := newExecCodec(conn)
	stdin, typed := io.Pipe()
	defer stdin.Close()
	resize := make(chan runtime.Size, 1)
	go func() {
		defer cancel()
		defer typed.Close()
		readExec(conn, frames, typed, resize, one.stdin)
	}()
	request := runtime.Exec{
		Command: one.command, TTY: one.tty, Resize: resize,
		Stdout: frames.output(1), Stderr: frames.output(2),
	}
	if one.stdin {
		request.Stdin = stdin
	}
	code, err := s.runtime.Exec(ctx, one.group, one.container, request)
	frames.end(code, err)
	bye := websocket.FormatCloseMessage(websocket.CloseNormalClosure, "")
	conn.WriteControl(websocket.CloseMessage, bye, time.Now().Add(closeWait))
}

// readExec hands on what the peer sends until it stops.
func readExec(conn *websocket.Conn, frames execCodec, stdin *io.PipeWriter, resize chan runtime.Size, wanted bool) {
	alive := func() { conn.SetReadDeadline(time.Now().Add(idleTimeout)) }
	alive()
	ping := conn.PingHandler()
	conn.SetPingHandler(func(data string) error {
		alive()
		return ping(data)
	})
	for {
		kind, data, err := conn.ReadMessage()
		if err != nil {
			return
		}
		alive()
		in := frames.input(kind, data)
		switch {
		case in.resize != nil:
			latest(resize, *in.resize)
		case in.eof:
			stdin.Close()
		case wanted:
			stdin.Write(in.stdin) // fails when the command has ended
		}
	}
}

// latest replaces a size that nobody has read yet.
func latest(resize chan runtime.Size, size runtime.Size) {
	select {
	case <-resize:
	default:
	}
	resize <- size
}
