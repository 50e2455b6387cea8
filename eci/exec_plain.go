package eci

import (
	"bytes"
	"encoding/base64"
	"unicode/utf8"

	"github.com/gorilla/websocket"
)

// plainCodec is what others saw of the real service
// (https://github.com/tuimeo/elastic-ci-executor): one stream of output whose
// messages are Base64 or raw, raw input, no sizes, no end of input, no exit
// code.
type plainCodec struct{}

func (plainCodec) stdin(data []byte) message {
	data = bytes.Clone(data)
	if utf8.Valid(data) {
		return message{websocket.TextMessage, data}
	}
	return message{websocket.BinaryMessage, data}
}

func (plainCodec) stdinEnd() (message, bool) { return message{}, false }

func (plainCodec) resize(TerminalSize) (message, bool) { return message{}, false }

// decode takes a message as Base64 if it is some. The decoder by itself would
// skip line ends, which only raw output has.
func (plainCodec) decode(data []byte) output {
	if !bytes.ContainsAny(data, "\r\n") {
		if plain, err := base64.StdEncoding.DecodeString(string(data)); err == nil {
			return output{stdout: plain}
		}
	}
	return output{stdout: data}
}
