package eci

import (
	"bytes"
	"encoding/base64"
	"errors"
	"fmt"
	"testing"
)

func TestChannelCodec(t *testing.T) {
	var c channelCodec
	if m := c.stdin([]byte("hi")); string(m.data) != "\x00hi" {
		t.Errorf("stdin %q", m.data)
	}
	if _, ok := c.stdinEnd(); ok {
		t.Error("v4 cannot say the end of input")
	}
	if m, ok := (channelCodec{closes: true}).stdinEnd(); !ok || string(m.data) != "\xff\x00" {
		t.Errorf("end of stdin %q", m.data)
	}
	if m, ok := c.resize(TerminalSize{80, 24}); !ok || string(m.data) != "\x04"+`{"Width":80,"Height":24}` {
		t.Errorf("resize %q", m.data)
	}
	if o := c.decode([]byte("\x01out")); string(o.stdout) != "out" || o.stderr != nil || o.end != nil {
		t.Errorf("stdout %+v", o)
	}
	if o := c.decode([]byte("\x02err")); string(o.stderr) != "err" || o.stdout != nil {
		t.Errorf("stderr %+v", o)
	}
	for _, other := range []string{"", "\x00x", "\x09x"} {
		if o := c.decode([]byte(other)); o.stdout != nil || o.stderr != nil || o.end != nil {
			t.Errorf("%q: %+v", other, o)
		}
	}
}

func TestChannelEnd(t *testing.T) {
	tests := []struct {
		status  string
		code    int
		unknown bool
		message string
	}{
		{status: `{"status":"Success"}`},
		{status: `{"status":"Failure","reason":"NonZeroExitCode","details":{"causes":[{"reason":"ExitCode","message":"3"}]}}`, code: 3},
		{status: `{"metadata":{},"status":"Failure","message":"command terminated","reason":"NonZeroExitCode","details":{"causes":[{"reason":"Other","message":"1"},{"reason":"ExitCode","message":"137"}]}}`, code: 137},
		{status: `{"status":"Failure","message":"no such file: nope"}`, message: "no such file: nope"},
		{status: `{"status":"Failure","reason":"InternalError"}`, unknown: true},
		{status: `oops`, unknown: true},
	}
	for _, tt := range tests {
		end := channelCodec{}.decode(append([]byte{3}, tt.status...)).end
		if end == nil || end.code != tt.code {
			t.Errorf("%s: %+v, want code %d", tt.status, end, tt.code)
			continue
		}
		switch {
		case tt.unknown && !errors.Is(end.err, ErrExitCodeUnknown),
			tt.message != "" && (end.err == nil || end.err.Error() != tt.message),
			!tt.unknown && tt.message == "" && end.err != nil:
			t.Errorf("%s: error %v", tt.status, end.err)
		}
	}
}

func TestPlainCodec(t *testing.T) {
	var c plainCodec
	for in, want := range map[string]string{
		base64.StdEncoding.EncodeToString([]byte("hello\n")): "hello\n",
		"hello\n":     "hello\n",
		"abcd\n":      "abcd\n", // the decoder alone would skip the line end
		"not base64!": "not base64!",
		"":            "",
		"\xff\xfe":    "\xff\xfe",
	} {
		if got := c.decode([]byte(in)).stdout; string(got) != want {
			t.Errorf("decode(%q) = %q, want %q", in, got, want)
		}
	}
	if m := c.stdin([]byte("ls\n")); string(m.data) != "ls\n" {
		t.Errorf("stdin %q", m.data)
	}
	if _, ok := c.stdinEnd(); ok {
		t.Error("plain cannot say the end of input")
	}
	if _, ok := c.resize(TerminalSize{1, 1}); ok {
		t.Error("plain cannot say sizes")
	}
}

// However the output is cut into messages, the sentinel is found and nothing
// else is lost.
func TestSentinelWriter(t *testing.T) {
	s := &sentinel{word: []byte("__exit_abc_")}
	tests := []struct {
		name, in, out string
		code          int
		seen          bool
	}{
		{"code", "hello\n__exit_abc_3__", "hello\n", 3, true},
		{"zero, no output", "__exit_abc_0__", "", 0, true},
		{"large", "x__exit_abc_255__", "x", 255, true},
		{"none", "hello __exit_ab", "hello __exit_ab", 0, false},
		{"cut off", "x__exit_abc_25", "x__exit_abc_25", 0, false},
		{"cut off in the mark", "x__exit_abc_25_", "x__exit_abc_25_", 0, false},
		{"the script itself", "sh -c '__exit_abc_%d__'\n__exit_abc_1__", "sh -c '__exit_abc_%d__'\n", 1, true},
		{"nearly", "__exit__exit_abc_7__", "__exit", 7, true},
		{"text after", "a__exit_abc_2__b", "ab", 2, true},
		{"no digits", "__exit_abc___", "__exit_abc___", 0, false},
	}
	for _, tt := range tests {
		for size := 1; size <= len(tt.in); size++ {
			var out bytes.Buffer
			w := &sentinelWriter{sentinel: s, out: &out}
			for rest := tt.in; rest != ""; {
				n := min(size, len(rest))
				if written, err := w.Write([]byte(rest[:n])); err != nil || written != n {
					t.Fatalf("%s: wrote %d, %v", tt.name, written, err)
				}
				rest = rest[n:]
			}
			if err := w.flush(); err != nil {
				t.Fatal(err)
			}
			if out.String() != tt.out || w.code != tt.code || w.seen != tt.seen {
				t.Errorf("%s in pieces of %d: %q code %d seen %v, want %q %d %v",
					tt.name, size, out.String(), w.code, w.seen, tt.out, tt.code, tt.seen)
			}
		}
	}
}

func TestSentinelWrap(t *testing.T) {
	a, _ := newSentinel()
	b, _ := newSentinel()
	if bytes.Equal(a.word, b.word) {
		t.Error("two sentinels are the same")
	}
	got := a.wrap([]string{"echo", "$HOME; rm"})
	want := []string{"/bin/sh", "-c", `"$@"; printf '` + string(a.word) + `%d__' "$?"`, "sh", "echo", "$HOME; rm"}
	if fmt.Sprint(got) != fmt.Sprint(want) {
		t.Errorf("got %q, want %q", got, want)
	}
	if !a.fits(make([]string, 16)) || a.fits(make([]string, 17)) {
		t.Error("the wrapped command must have at most 20 words")
	}
}
