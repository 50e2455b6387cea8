package eci

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"os/exec"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/ebb-node/ebb/alicloud"
	"github.com/gorilla/websocket"
	"k8s.io/utils/clock"
	clocktesting "k8s.io/utils/clock/testing"
)

// terminal is the far end of exec connections: a caller that hands out
// websocket addresses, and the server behind them, which runs the command with
// serve.
type terminal struct {
	protocols []string // offered to clients
	serve     func(t *terminal, ws *websocket.Conn, command []string)

	url      string
	mu       sync.Mutex
	requests []alicloud.Request
	pings    chan struct{}
	sizes    chan string
}

const execSecret = "s3ss10n-credential"

func newTerminal(t *testing.T, protocols []string, serve func(*terminal, *websocket.Conn, []string)) (*terminal, *Client) {
	t.Helper()
	term := &terminal{protocols: protocols, serve: serve, pings: make(chan struct{}, 9), sizes: make(chan string, 9)}
	s := httptest.NewServer(http.HandlerFunc(term.accept))
	t.Cleanup(s.Close)
	term.url = "ws" + strings.TrimPrefix(s.URL, "http")
	return term, &Client{cloud: term, clock: clock.RealClock{}}
}

func (t *terminal) Region() string { return "cn-test" }

func (t *terminal) Call(_ context.Context, r alicloud.Request, out any) error {
	t.mu.Lock()
	t.requests = append(t.requests, r)
	t.mu.Unlock()
	answer, _ := json.Marshal(map[string]string{"WebSocketUri": t.url + "/exec/?s=" + execSecret + "&c=" + base64.RawURLEncoding.EncodeToString([]byte(r.Params["Command"]))})
	return json.Unmarshal(answer, out)
}

func (t *terminal) calls() []alicloud.Request {
	t.mu.Lock()
	defer t.mu.Unlock()
	return append([]alicloud.Request(nil), t.requests...)
}

func (t *terminal) accept(w http.ResponseWriter, r *http.Request) {
	if r.URL.Query().Get("s") != execSecret {
		w.WriteHeader(http.StatusForbidden)
		return
	}
	upgrader := websocket.Upgrader{Subprotocols: t.protocols}
	ws, err := upgrader.Upgrade(w, r, nil)
	if err != nil {
		return
	}
	defer ws.Close()
	ws.SetPingHandler(func(string) error { t.pings <- struct{}{}; return nil })
	text, _ := base64.RawURLEncoding.DecodeString(r.URL.Query().Get("c"))
	var command []string
	_ = json.Unmarshal(text, &command)
	t.serve(t, ws, command)
}

func sendChannel(ws *websocket.Conn, channel byte, text string) {
	_ = ws.WriteMessage(websocket.BinaryMessage, append([]byte{channel}, text...))
}

// serveChannel copies input to output, complains, and exits with 3.
func serveChannel(t *terminal, ws *websocket.Conn, command []string) {
	sendChannel(ws, 1, strings.Join(command, " ")+"\n")
	sendChannel(ws, 2, "complaint\n")
	for {
		_, data, err := ws.ReadMessage()
		if err != nil {
			return
		}
		switch {
		case data[0] == 4:
			t.sizes <- string(data[1:])
		case data[0] == 255: // end of input
			sendChannel(ws, 3, `{"status":"Failure","reason":"NonZeroExitCode","details":{"causes":[{"reason":"ExitCode","message":"3"}]}}`)
		default:
			sendChannel(ws, 1, string(data[1:]))
		}
	}
}

func TestExecChannel(t *testing.T) {
	term, c := newTerminal(t, []string{"v5.channel.k8s.io"}, serveChannel)
	var stdout, stderr bytes.Buffer
	for i := range 2 {
		stdout.Reset()
		stderr.Reset()
		code, err := c.Exec(context.Background(),
			ExecRequest{ContainerGroupID: "eci-1", Container: "app", Command: []string{"tee", "a b"}, Stdin: true},
			ExecStreams{Stdin: strings.NewReader("input\n"), Stdout: &stdout, Stderr: &stderr})
		if code != 3 || err != nil {
			t.Fatalf("code %d, %v", code, err)
		}
		if stdout.String() != "tee a b\ninput\n" || stderr.String() != "complaint\n" {
			t.Errorf("run %d: stdout %q stderr %q", i, stdout.String(), stderr.String())
		}
	}
	got := term.calls()
	if len(got) != 3 { // one to find out how the far end speaks
		t.Fatalf("%d calls, want 3", len(got))
	}
	if p := got[0].Params; p["Command"] != `["true"]` || p["Stdin"] != "false" {
		t.Errorf("the first call must do nothing: %v", p)
	}
	want := alicloud.Request{Product: product, Action: "ExecContainerCommand", Once: true, Params: params{
		"ContainerGroupId": "eci-1", "ContainerName": "app", "Command": `["tee","a b"]`, "TTY": "false", "Stdin": "true",
	}}
	if got[1].Action != want.Action || !got[1].Once || got[1].Params["Command"] != want.Params["Command"] || len(got[1].Params) != 5 || got[1].Params["Stdin"] != "true" {
		t.Errorf("got %+v", got[1])
	}
}

func TestExecTerminalSizeAndPing(t *testing.T) {
	fake := clocktesting.NewFakeClock(time.Now())
	term, c := newTerminal(t, []string{"v5.channel.k8s.io"}, serveChannel)
	c.clock = fake
	sizes := make(chan TerminalSize)
	stdin, input := io.Pipe()
	done := make(chan error, 1)
	go func() {
		code, err := c.Exec(context.Background(), ExecRequest{Command: []string{"sh"}, TTY: true, Stdin: true},
			ExecStreams{Stdin: stdin, Stdout: io.Discard, Resize: sizes})
		if code != 3 {
			t.Errorf("code %d", code)
		}
		done <- err
	}()
	sizes <- TerminalSize{Width: 80, Height: 24}
	if got := <-term.sizes; got != `{"Width":80,"Height":24}` {
		t.Errorf("size %s", got)
	}
	for range 3 {
		fake.Step(pingEvery)
		<-term.pings
		for !fake.HasWaiters() { // the next ping is prepared
			runtime.Gosched()
		}
	}
	close(sizes)
	input.Close()
	if err := <-done; err != nil {
		t.Fatal(err)
	}
	if n := len(term.calls()); n != 1 {
		t.Errorf("%d calls; with a terminal nothing need be found out", n)
	}
}

// servePlain really runs the command, the way others saw the service do.
func servePlain(encode bool) func(*terminal, *websocket.Conn, []string) {
	return func(_ *terminal, ws *websocket.Conn, command []string) {
		cmd := exec.Command(command[0], command[1:]...)
		stdin, _ := cmd.StdinPipe()
		go func() {
			for {
				_, data, err := ws.ReadMessage()
				if err != nil {
					return
				}
				_, _ = stdin.Write(data)
			}
		}()
		out, _ := cmd.CombinedOutput()
		for len(out) > 0 { // in small messages
			n := min(5, len(out))
			text := out[:n]
			out = out[n:]
			if encode {
				text = []byte(base64.StdEncoding.EncodeToString(text))
			}
			_ = ws.WriteMessage(websocket.TextMessage, text)
		}
		_ = ws.WriteControl(websocket.CloseMessage, websocket.FormatCloseMessage(websocket.CloseNormalClosure, ""), time.Now().Add(time.Second))
	}
}

func TestExecPlainFindsExitCode(t *testing.T) {
	for name, encode := range map[string]bool{"raw": false, "base64": true} {
		t.Run(name, func(t *testing.T) {
			term, c := newTerminal(t, nil, servePlain(encode))
			for _, want := range []int{0, 7} {
				var out bytes.Buffer
				code, err := c.Exec(context.Background(),
					ExecRequest{Command: []string{"/bin/sh", "-c", `read x; echo "got: $x !"; exit ` + string(rune('0'+want))}, Stdin: true},
					ExecStreams{Stdin: strings.NewReader("a line\n"), Stdout: &out})
				if code != want || err != nil || out.String() != "got: a line !\n" {
					t.Errorf("code %d, %v, output %q", code, err, out.String())
				}
			}
			if n := len(term.calls()); n != 3 {
				t.Errorf("%d calls, want 3", n)
			}
		})
	}
}

func TestExecPlainTerminalHasNoExitCode(t *testing.T) {
	_, c := newTerminal(t, nil, servePlain(false))
	var out bytes.Buffer
	code, err := c.Exec(context.Background(), ExecRequest{Command: []string{"echo", "hi there"}, TTY: true}, ExecStreams{Stdout: &out})
	if !errors.Is(err, ErrExitCodeUnknown) || code != -1 || out.String() != "hi there\n" {
		t.Errorf("code %d, %v, output %q", code, err, out.String())
	}
}

// A command that leaves no room for the shell is run as it is.
func TestExecPlainLongCommand(t *testing.T) {
	term, c := newTerminal(t, nil, servePlain(false))
	command := append([]string{"echo"}, strings.Fields(strings.Repeat("x ", 19))...)
	_, err := c.Exec(context.Background(), ExecRequest{Command: command}, ExecStreams{})
	if !errors.Is(err, ErrExitCodeUnknown) {
		t.Errorf("got %v", err)
	}
	if got := term.calls()[1].Params["Command"]; got != jsonList(command) {
		t.Errorf("ran %s", got)
	}
}

func TestExecErrorsKeepTheAddress(t *testing.T) {
	_, broken := newTerminal(t, []string{"v5.channel.k8s.io"}, func(_ *terminal, ws *websocket.Conn, _ []string) { ws.UnderlyingConn().Close() })
	refused, refusing := newTerminal(t, nil, nil)
	refused.url += "/nowhere?s=wrong&x="
	gone, dead := newTerminal(t, nil, nil)
	gone.url = "ws://127.0.0.1:1"
	odd, strange := newTerminal(t, nil, nil)
	odd.url = "https://127.0.0.1/%zz"
	for name, c := range map[string]*Client{"broken": broken, "refused": refusing, "unreachable": dead, "not a websocket": strange} {
		code, err := c.Exec(context.Background(), ExecRequest{ContainerGroupID: "eci-1", Container: "app", Command: []string{"ls"}}, ExecStreams{})
		if err == nil || code != -1 {
			t.Errorf("%s: code %d, %v", name, code, err)
			continue
		}
		if text := err.Error(); strings.Contains(text, execSecret) || strings.Contains(text, "?") || !strings.Contains(text, "exec in container app of eci-1: ") {
			t.Errorf("%s: %q", name, text)
		}
	}
	if _, err := refusing.Exec(context.Background(), ExecRequest{}, ExecStreams{}); !IsInvalid(err) {
		t.Errorf("no command: %v", err)
	}
}

func TestExecEndsWithContext(t *testing.T) {
	arrived := make(chan struct{})
	_, c := newTerminal(t, []string{"v5.channel.k8s.io"}, func(_ *terminal, ws *websocket.Conn, command []string) {
		if command[0] == "sleep" {
			close(arrived)
		}
		_, _, _ = ws.ReadMessage()
	})
	ctx, cancel := context.WithCancel(context.Background())
	go func() { <-arrived; cancel() }()
	_, err := c.Exec(ctx, ExecRequest{Command: []string{"sleep", "1000"}}, ExecStreams{})
	if !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
}

func TestExecOutputThatCannotBeWritten(t *testing.T) {
	_, c := newTerminal(t, []string{"v5.channel.k8s.io"}, serveChannel)
	closed, w := io.Pipe()
	closed.Close()
	_, err := c.Exec(context.Background(), ExecRequest{Command: []string{"ls"}, TTY: true}, ExecStreams{Stdout: w})
	if !errors.Is(err, io.ErrClosedPipe) {
		t.Errorf("got %v", err)
	}
}
