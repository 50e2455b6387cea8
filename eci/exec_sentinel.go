package eci

import (
	"bytes"
	"crypto/rand"
	"encoding/hex"
	"io"
	"strconv"
)

// sentinel carries an exit code through the output of a command: a shell runs
// the command and then prints a word that nobody else can know, with the code.
type sentinel struct{ word []byte }

const sentinelEnd = "__"

// newSentinel makes one up; ok is false when the system has no randomness.
func newSentinel() (s *sentinel, ok bool) {
	nonce := make([]byte, 12)
	if _, err := rand.Read(nonce); err != nil {
		return nil, false
	}
	return &sentinel{word: []byte("__exit_" + hex.EncodeToString(nonce) + "_")}, true
}

// wrap has /bin/sh run the command, with its standard input.
func (s *sentinel) wrap(command []string) []string {
	script := `"$@"; printf '` + string(s.word) + `%d` + sentinelEnd + `' "$?"`
	return append([]string{"/bin/sh", "-c", script, "sh"}, command...)
}

// fits reports whether the wrapped command stays within what one call takes.
func (s *sentinel) fits(command []string) bool {
	return len(s.wrap(nil))+len(command) <= maxExecWords
}

// sentinelWriter passes output on and takes the sentinel out of it.
type sentinelWriter struct {
	*sentinel
	out  io.Writer
	held []byte // may be the start of a sentinel
	code int
	seen bool
}

func (w *sentinelWriter) Write(p []byte) (int, error) {
	w.held = append(w.held, p...)
	pass := w.scan()
	_, err := w.out.Write(pass)
	return len(p), err
}

// scan takes from held what may be passed on.
func (w *sentinelWriter) scan() []byte {
	for from := 0; ; {
		i := bytes.Index(w.held[from:], w.word)
		if i < 0 {
			break
		}
		i += from
		code, length, whole := parseCode(w.held[i+len(w.word):])
		if !whole {
			return w.take(i)
		}
		if length == 0 { // the script's own text, shown by somebody
			from = i + len(w.word)
			continue
		}
		w.code, w.seen = code, true
		pass := append(bytes.Clone(w.held[:i]), w.held[i+len(w.word)+length:]...)
		w.held = nil
		return pass
	}
	return w.take(len(w.held) - partial(w.held, w.word))
}

func (w *sentinelWriter) take(n int) []byte {
	pass := bytes.Clone(w.held[:n])
	w.held = w.held[n:]
	return pass
}

// flush passes on what turned out not to be a sentinel.
func (w *sentinelWriter) flush() error {
	_, err := w.out.Write(w.take(len(w.held)))
	return err
}

// parseCode reads digits and the end mark. whole is false when more bytes are
// needed to tell; length is zero when it is something else.
func parseCode(b []byte) (code, length int, whole bool) {
	n := 0
	for n < len(b) && b[n] >= '0' && b[n] <= '9' {
		n++
	}
	rest := b[n:]
	if len(rest) < len(sentinelEnd) {
		return 0, 0, !bytes.HasPrefix([]byte(sentinelEnd), rest)
	}
	code, err := strconv.Atoi(string(b[:n]))
	if err != nil || !bytes.HasPrefix(rest, []byte(sentinelEnd)) {
		return 0, 0, true
	}
	return code, n + len(sentinelEnd), true
}

// partial is how many bytes at b's end may start word.
func partial(b, word []byte) int {
	for n := min(len(b), len(word)-1); n > 0; n-- {
		if bytes.HasPrefix(word, b[len(b)-n:]) {
			return n
		}
	}
	return 0
}
