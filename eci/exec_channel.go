package eci

import (
	"encoding/json"
	"errors"
	"fmt"
	"strconv"

	"github.com/gorilla/websocket"
)

// channelCodec is v4.channel.k8s.io or v5: a byte in front of every message
// names its stream.
type channelCodec struct {
	closes bool // v5: a message can say that a stream has ended
}

// The streams, and the byte that ends one.
const (
	channelStdin byte = iota
	channelStdout
	channelStderr
	channelError
	channelResize
	channelClose byte = 255
)

func (channelCodec) frame(channel byte, data []byte) message {
	return message{websocket.BinaryMessage, append([]byte{channel}, data...)}
}

func (c channelCodec) stdin(data []byte) message { return c.frame(channelStdin, data) }

func (c channelCodec) stdinEnd() (message, bool) {
	return c.frame(channelClose, []byte{channelStdin}), c.closes
}

func (c channelCodec) resize(s TerminalSize) (message, bool) {
	size, _ := json.Marshal(s) // two numbers always marshal
	return c.frame(channelResize, size), true
}

func (channelCodec) decode(data []byte) output {
	if len(data) == 0 {
		return output{}
	}
	switch data[0] {
	case channelStdout:
		return output{stdout: data[1:]}
	case channelStderr:
		return output{stderr: data[1:]}
	case channelError:
		return output{end: decodeEnd(data[1:])}
	}
	return output{}
}

// endWire is the part of metav1.Status that tells how a command ended.
type endWire struct {
	Status  string
	Reason  string
	Message string
	Details struct {
		Causes []struct{ Reason, Message string }
	}
}

func decodeEnd(data []byte) *execEnd {
	var w endWire
	if err := json.Unmarshal(data, &w); err != nil {
		return &execEnd{err: fmt.Errorf("%w: its last message is not a status", ErrExitCodeUnknown)}
	}
	if w.Status == "Success" {
		return &execEnd{}
	}
	for _, cause := range w.Details.Causes {
		if code, err := strconv.Atoi(cause.Message); cause.Reason == "ExitCode" && err == nil {
			return &execEnd{code: code}
		}
	}
	if w.Message == "" {
		return &execEnd{err: fmt.Errorf("%w: %s", ErrExitCodeUnknown, w.Reason)}
	}
	return &execEnd{err: errors.New(w.Message)}
}
