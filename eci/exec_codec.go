package eci

// codec frames the streams of an exec session as websocket messages. The real
// service's framing is undocumented: everything that depends on it is here.
type codec interface {
	// stdin frames input.
	stdin(data []byte) message
	// stdinEnd says that input has ended; ok is false where that cannot be
	// said.
	stdinEnd() (m message, ok bool)
	// resize frames the terminal's size; ok is false where that cannot be said.
	resize(TerminalSize) (m message, ok bool)
	// decode reads a message of the far end.
	decode(data []byte) output
}

// message is a websocket message to send.
type message struct {
	kind int
	data []byte
}

// output is what a message of the far end says.
type output struct {
	stdout, stderr []byte
	end            *execEnd // the last word on the command
}

// execEnd is how a command ended.
type execEnd struct {
	code int
	err  error // the command did not run, or nobody knows how it ended
}
