package mockcloud_test

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/gorilla/websocket"

	"github.com/ebb-node/ebb/mockcloud"
	"github.com/ebb-node/ebb/mockcloud/clock"
	"github.com/ebb-node/ebb/mockcloud/internal/wire"
	"github.com/ebb-node/ebb/mockcloud/runtime"
	"github.com/ebb-node/ebb/mockcloud/runtime/simulated"
)

type execSession struct{ WebSocketUri, HttpUrl, SyncResponse string }

// exec asks for a session in a running group.
func (b bench) exec(id, command string, params ...string) execSession {
	b.Helper()
	p := wire.Params{"ContainerGroupId": id, "ContainerName": "app", "Command": command}
	for i := 0; i < len(params); i += 2 {
		p[params[i]] = params[i+1]
	}
	return call[execSession](b, "ExecContainerCommand", p)
}

func dial(t *testing.T, uri string, protocols ...string) *websocket.Conn {
	t.Helper()
	dialer := websocket.Dialer{Subprotocols: protocols, HandshakeTimeout: 10 * time.Second}
	conn, _, err := dialer.Dial(uri, nil)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.Close() })
	return conn
}

// frames reads until the peer closes and answers what came per channel.
func frames(t *testing.T, conn *websocket.Conn) map[byte]string {
	t.Helper()
	got := map[byte]string{}
	for {
		_, data, err := conn.ReadMessage()
		if err != nil {
			if !websocket.IsCloseError(err, websocket.CloseNormalClosure) {
				t.Errorf("end of the session: %v", err)
			}
			return got
		}
		if len(data) > 0 {
			got[data[0]] += string(data[1:])
		}
	}
}

func send(t *testing.T, conn *websocket.Conn, data string) {
	t.Helper()
	if err := conn.WriteMessage(websocket.BinaryMessage, []byte(data)); err != nil {
		t.Fatal(err)
	}
}

func runningGroup(t *testing.T, c mockcloud.Config, params ...string) (bench, string) {
	t.Helper()
	b := newBench(t, c)
	id := b.create(params...)
	b.server.Advance(s)
	return b, id
}

func TestExecOverChannels(t *testing.T) {
	b, id := runningGroup(t, mockcloud.Config{})
	for _, protocol := range []string{"v4.channel.k8s.io", "v5.channel.k8s.io"} {
		conn := dial(t, b.exec(id, `["/bin/echo","hello","there"]`).WebSocketUri, protocol)
		if conn.Subprotocol() != protocol {
			t.Errorf("agreed on %q", conn.Subprotocol())
		}
		got := frames(t, conn)
		var status struct{ Status string }
		if json.Unmarshal([]byte(got[3]), &status); got[1] != "hello there\n" || status.Status != "Success" {
			t.Errorf("%s: %q", protocol, got)
		}
	}
}

func TestExecExitCodeAndStderr(t *testing.T) {
	b, id := runningGroup(t, mockcloud.Config{})
	got := frames(t, dial(t, b.exec(id, `["nothing"]`).WebSocketUri, "v4.channel.k8s.io"))
	var status struct {
		Status, Reason string
		Details        struct {
			Causes []struct{ Reason, Message string }
		}
	}
	if err := json.Unmarshal([]byte(got[3]), &status); err != nil {
		t.Fatal(err)
	}
	if got[2] == "" || status.Status != "Failure" || status.Reason != "NonZeroExitCode" ||
		status.Details.Causes[0].Reason != "ExitCode" || status.Details.Causes[0].Message != "127" {
		t.Errorf("frames %q", got)
	}
}

func TestExecStdinAndResize(t *testing.T) {
	b, id := runningGroup(t, mockcloud.Config{})
	conn := dial(t, b.exec(id, `["cat"]`).WebSocketUri, "v5.channel.k8s.io")
	send(t, conn, "\x00typed ")
	send(t, conn, "\x00words")
	send(t, conn, "\xff\x00") // stdin ends
	if got := frames(t, conn); got[1] != "typed words" {
		t.Errorf("frames %q", got)
	}

	conn = dial(t, b.exec(id, `["size"]`, "TTY", "true").WebSocketUri, "v4.channel.k8s.io")
	send(t, conn, "\x04{\"Width\":120,\"Height\":40}")
	_, data, err := conn.ReadMessage()
	if err != nil || string(data) != "\x01120x40\n" {
		t.Errorf("size told %q, %v", data, err)
	}
}

func TestExecPlain(t *testing.T) {
	for _, test := range []struct {
		name   string
		config mockcloud.Config
		offer  []string
	}{
		{"client offers nothing", mockcloud.Config{}, nil},
		{"cloud knows nothing", mockcloud.Config{PlainExec: true}, []string{"v4.channel.k8s.io"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			b, id := runningGroup(t, test.config)
			conn := dial(t, b.exec(id, `["echo","plain"]`).WebSocketUri, test.offer...)
			if conn.Subprotocol() != "" {
				t.Errorf("agreed on %q", conn.Subprotocol())
			}
			kind, data, err := conn.ReadMessage()
			if err != nil {
				t.Fatal(err)
			}
			text, err := base64.StdEncoding.DecodeString(string(data))
			if kind != websocket.TextMessage || err != nil || string(text) != "plain\n" {
				t.Errorf("message %d %q", kind, data)
			}
			if _, _, err := conn.ReadMessage(); !websocket.IsCloseError(err, websocket.CloseNormalClosure) {
				t.Errorf("end: %v", err)
			}
		})
	}
}

func TestPlainStdin(t *testing.T) {
	b, id := runningGroup(t, mockcloud.Config{PlainExec: true})
	conn := dial(t, b.exec(id, `["cat"]`).WebSocketUri)
	send(t, conn, "raw")
	if _, data, err := conn.ReadMessage(); err != nil || string(data) != base64.StdEncoding.EncodeToString([]byte("raw")) {
		t.Errorf("echo %q, %v", data, err)
	}
}

func TestAnExecSessionIsGoodOnce(t *testing.T) {
	b, id := runningGroup(t, mockcloud.Config{})
	session := b.exec(id, `["echo"]`)
	frames(t, dial(t, session.WebSocketUri, "v4.channel.k8s.io"))
	for _, uri := range []string{session.WebSocketUri, strings.Split(session.WebSocketUri, "?")[0] + "?s=guess"} {
		_, answer, err := websocket.DefaultDialer.Dial(uri, nil)
		if !errors.Is(err, websocket.ErrBadHandshake) || answer.StatusCode != http.StatusForbidden {
			t.Errorf("%v, %v", err, answer)
		}
	}
}

// noting is a runtime that tells when an exec has ended.
type noting struct {
	runtime.Runtime
	ended chan int
}

func (n noting) Exec(ctx context.Context, id, container string, e runtime.Exec) (int, error) {
	code, err := n.Runtime.Exec(ctx, id, container, e)
	n.ended <- code
	return code, err
}

func TestLeavingASessionEndsItsCommand(t *testing.T) {
	k := clock.New(nil, 1)
	defer k.Close()
	rt := noting{simulated.New(k, simulated.Config{}), make(chan int, 1)}
	b := newBench(t, mockcloud.Config{Runtime: rt})
	id := b.create()
	b.server.Advance(s)
	for deadline := time.Now().Add(10 * time.Second); b.group(id).Status != "Running"; {
		if time.Now().After(deadline) {
			t.Fatalf("still %s", b.group(id).Status)
		}
	}
	conn := dial(t, b.exec(id, `["sleep","1000000"]`).WebSocketUri, "v4.channel.k8s.io")
	conn.Close()
	if code := <-rt.ended; code != 137 {
		t.Errorf("the command ended with %d, want 137", code)
	}
}

func TestExecSync(t *testing.T) {
	b, id := runningGroup(t, mockcloud.Config{}, "Container.1.EnvironmentVar.1.Key", "IP", "Container.1.EnvironmentVar.1.FieldRef.FieldPath", "status.podIP",
		"Container.1.EnvironmentVar.2.Key", "EMPTY", "Container.1.EnvironmentVar.2.Value", "")
	got := b.exec(id, `["env"]`, "Sync", "true")
	if want := "IP=" + b.group(id).IntranetIp + "\nEMPTY=\n"; got.SyncResponse != want || got.WebSocketUri != "" {
		t.Errorf("answer %+v, want %q", got, want)
	}
}

func TestExecRefuses(t *testing.T) {
	b, id := runningGroup(t, mockcloud.Config{Latencies: latencies(0, 0, 0, 0, 0)})
	waiting := b.create("Container.1.Image", "registry.invalid/x")
	b.server.Advance(s)
	words, _ := json.Marshal(slices.Repeat([]string{"x"}, 21))
	long, _ := json.Marshal([]string{strings.Repeat("x", 257)})
	for _, test := range []struct {
		code   string
		params wire.Params
	}{
		{"ContainerGroup.NotFound", wire.Params{"ContainerGroupId": "eci-none"}},
		{"InvalidParameter", wire.Params{"ContainerName": "none"}},
		{"InvalidParameter", wire.Params{"Command": "ls"}},
		{"MissingParameter", wire.Params{"Command": "[]"}},
		{"InvalidParameter.ValueExceeded", wire.Params{"Command": string(words)}},
		{"InvalidParameter.ValueExceeded", wire.Params{"Command": string(long)}},
		{"InvalidParameter", wire.Params{"Command": `["/bin/bash"]`}},
		{"InvalidParameter", wire.Params{"Sync": "true", "TTY": "true"}},
		{"IncorrectStatus", wire.Params{"ContainerGroupId": waiting}},
	} {
		p := wire.Params{"ContainerGroupId": id, "ContainerName": "app", "Command": `["ls"]`}
		for k, v := range test.params {
			p[k] = v
		}
		b.refused(test.code, "ExecContainerCommand", p)
	}
}
