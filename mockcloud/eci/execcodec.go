package eci

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"strconv"
	"sync"

	"github.com/gorilla/websocket"

	"github.com/ebb-node/ebb/mockcloud/runtime"
)

// execCodec is how an exec session is framed. The service publishes no frames,
// so there are two: Kubernetes' channel protocol, which is complete, and what a
// third party observed on the real service.
type execCodec interface {
	// output is a writer for stdout (1) or stderr (2).
	output(channel byte) io.Writer
	// input reads a message of the peer.
	input(kind int, data []byte) execInput
	// end tells how the command ended, as far as the frames can.
	end(code int, err error)
}

// execInput is one of stdin bytes, their end, or a new size.
type execInput struct {
	stdin  []byte
	eof    bool
	resize *runtime.Size
}

// The channels of Kubernetes' remote command protocol.
const (
	channelStdin  = 0
	channelStdout = 1
	channelStderr = 2
	channelError  = 3
	channelResize = 4
	channelClose  = 255 // v5 only: names a channel that is closed
)

var channelProtocols = []string{"v5.channel.k8s.io", "v4.channel.k8s.io"}

// newExecCodec chooses the codec that the handshake agreed on.
func newExecCodec(conn *websocket.Conn) execCodec {
	frames := &frameWriter{conn: conn}
	if conn.Subprotocol() != "" {
		return &channelCodec{frames: frames, closable: conn.Subprotocol() == channelProtocols[0]}
	}
	return plainCodec{frames}
}

// frameWriter lets several writers share a connection.
type frameWriter struct {
	mu   sync.Mutex
	conn *websocket.Conn
}

func (f *frameWriter) write(kind int, data []byte) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.conn.WriteMessage(kind, data)
}

type writerFunc func([]byte) (int, error)

func (w writerFunc) Write(p []byte) (int, error) { return w(p) }

// channelCodec has a prefix byte that names the channel.
type channelCodec struct {
	frames   *frameWriter
	closable bool
}

func (c *channelCodec) output(channel byte) io.Writer {
	return writerFunc(func(p []byte) (int, error) {
		return len(p), c.frames.write(websocket.BinaryMessage, append([]byte{channel}, p...))
	})
}

func (c *channelCodec) input(_ int, data []byte) (in execInput) {
	if len(data) == 0 {
		return in
	}
	switch data[0] {
	case channelStdin:
		in.stdin = data[1:]
	case channelResize:
		var size runtime.Size
		if json.Unmarshal(data[1:], &size) == nil {
			in.resize = &size
		}
	case channelClose:
		in.eof = c.closable && len(data) == 2 && data[1] == channelStdin
	}
	return in
}

// exitStatus is the metav1.Status of the error channel.
type exitStatus struct {
	Metadata struct{}     `json:"metadata"`
	Status   string       `json:"status"`
	Message  string       `json:"message,omitempty"`
	Reason   string       `json:"reason,omitempty"`
	Details  *exitDetails `json:"details,omitempty"`
	Code     int          `json:"code,omitempty"`
}

type exitDetails struct {
	Causes []exitCause `json:"causes"`
}

type exitCause struct {
	Reason  string `json:"reason"`
	Message string `json:"message"`
}

func (c *channelCodec) end(code int, err error) {
	s := exitStatus{Status: "Success"}
	switch {
	case err != nil:
		s = exitStatus{Status: "Failure", Reason: "InternalError", Message: err.Error(), Code: 500}
	case code != 0:
		s = exitStatus{
			Status: "Failure", Reason: "NonZeroExitCode",
			Message: fmt.Sprintf("command terminated with non-zero exit code: %d", code),
			Details: &exitDetails{Causes: []exitCause{{"ExitCode", strconv.Itoa(code)}}},
		}
	}
	text, _ := json.Marshal(s)
	c.frames.write(websocket.BinaryMessage, append([]byte{channelError}, text...))
}

// plainCodec sends output in Base64 text messages and takes every message for
// stdin. Neither sizes nor exit codes pass through it
// (https://github.com/tuimeo/elastic-ci-executor).
type plainCodec struct{ frames *frameWriter }

func (c plainCodec) output(byte) io.Writer {
	return writerFunc(func(p []byte) (int, error) {
		text := base64.StdEncoding.EncodeToString(p)
		return len(p), c.frames.write(websocket.TextMessage, []byte(text))
	})
}

func (c plainCodec) input(_ int, data []byte) execInput { return execInput{stdin: data} }

func (c plainCodec) end(_ int, err error) {
	if err != nil {
		fmt.Fprintf(c.output(channelStderr), "exec failed: %v\n", err)
	}
}
