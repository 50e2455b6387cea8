package relay

import (
	"bufio"
	"context"
	"crypto/sha256"
	"fmt"
	"hash"
	"io"
	"math/rand/v2"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/gorilla/websocket"
)

// TestStreaming: each line reaches the client before the backend writes the
// next one, whether or not the length is known beforehand.
func TestStreaming(t *testing.T) {
	for name, test := range map[string]struct {
		change func(*http.Transport)
		length string
	}{
		"HTTP/1.1":        {func(*http.Transport) {}, ""},
		"HTTP/1.1 length": {func(*http.Transport) {}, "6"},
		"HTTP/2":          {unencryptedHTTP2, ""},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t, nil)
			received := make(chan struct{})
			w.backend("x", func(w http.ResponseWriter, r *http.Request) {
				if test.length != "" {
					w.Header().Set("Content-Length", test.length)
				}
				http.NewResponseController(w).Flush()
				for i := range 3 {
					<-received
					fmt.Fprintln(w, i)
					http.NewResponseController(w).Flush()
				}
			})
			w.serve(on("a.com", to("/", "x")))
			res, err := w.client(internetPlain, test.change).Get("http://a.com/")
			if err != nil {
				t.Fatal(err)
			}
			defer res.Body.Close()
			lines := bufio.NewReader(res.Body)
			for i := range 3 {
				received <- struct{}{}
				if line, err := lines.ReadString('\n'); err != nil || line != fmt.Sprintln(i) {
					t.Fatalf("line %q, %v", line, err)
				}
			}
		})
	}
}

// TestBothWaysAtOnce: an answer that goes on while its request is still being
// sent, also with HTTP/1.1.
func TestBothWaysAtOnce(t *testing.T) {
	for name, change := range map[string]func(*http.Transport){"HTTP/1.1": func(*http.Transport) {}, "HTTP/2": unencryptedHTTP2} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t, nil)
			w.backend("x", func(w http.ResponseWriter, r *http.Request) {
				control := http.NewResponseController(w)
				_ = control.EnableFullDuplex() // HTTP/2 has no such switch
				control.Flush()
				for lines := bufio.NewScanner(r.Body); lines.Scan(); control.Flush() {
					fmt.Fprintln(w, strings.ToUpper(lines.Text()))
				}
			})
			w.serve(on("a.com", to("/", "x")))
			body, send := io.Pipe()
			r, _ := http.NewRequest(http.MethodPost, "http://a.com/", body)
			res, err := w.client(internetPlain, change).Do(r)
			if err != nil {
				t.Fatal(err)
			}
			defer res.Body.Close()
			lines := bufio.NewReader(res.Body)
			for i := range 100 {
				fmt.Fprintf(send, "ping %d\n", i)
				if line, err := lines.ReadString('\n'); err != nil || line != fmt.Sprintf("PING %d\n", i) {
					t.Fatalf("line %q, %v", line, err)
				}
			}
			send.Close()
		})
	}
}

// TestAnswerBeforeTheEndOfTheRequest, and the next request is not disturbed by
// what was left.
func TestAnswerBeforeTheEndOfTheRequest(t *testing.T) {
	w := newWorld(t, nil)
	w.backend("x", func(w http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodPost {
			http.Error(w, "too much", http.StatusRequestEntityTooLarge)
		}
	})
	w.serve(on("a.com", to("/", "x")))
	client := w.client(internetPlain)
	for range 50 {
		r, _ := http.NewRequest(http.MethodPost, "http://a.com/", strings.NewReader(strings.Repeat("x", 200_000)))
		if status, body := fetch(t, client, r); status != 413 || body != "too much\n" {
			t.Fatalf("%d %s", status, body)
		}
		if status, _ := fetch(t, client, get("http://a.com/")); status != 200 {
			t.Fatalf("the next request: %d", status)
		}
	}
}

func TestLongBodies(t *testing.T) {
	const size = 64 << 20
	w := newWorld(t, nil)
	w.backend("x", func(w http.ResponseWriter, r *http.Request) {
		sum := sha256.New()
		n, err := io.Copy(sum, r.Body)
		if err != nil || n != size {
			t.Errorf("backend got %d bytes, %v", n, err)
		}
		w.Header().Set("Sum", fmt.Sprintf("%x", sum.Sum(nil)))
		io.Copy(w, noise(size))
	})
	w.serve(on("a.com", to("/", "x")))
	r, _ := http.NewRequest(http.MethodPost, "http://a.com/", noise(size))
	res, err := w.client(internetPlain).Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	want := digest(sha256.New(), noise(size))
	if got := digest(sha256.New(), res.Body); got != want || res.Header.Get("Sum") != want {
		t.Errorf("sent and received %s, backend got %s, client got %s", want, res.Header.Get("Sum"), got)
	}
}

func noise(size int64) io.Reader { return io.LimitReader(rand.NewChaCha8([32]byte{1}), size) }

func digest(h hash.Hash, r io.Reader) string {
	io.Copy(h, r)
	return fmt.Sprintf("%x", h.Sum(nil))
}

func TestClientsAbortReachesTheBackend(t *testing.T) {
	for name, change := range map[string]func(*http.Transport){"HTTP/1.1": func(*http.Transport) {}, "HTTP/2": unencryptedHTTP2} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t, nil)
			aborted, arrived := make(chan struct{}), make(chan struct{})
			w.backend("x", func(_ http.ResponseWriter, r *http.Request) {
				close(arrived)
				<-r.Context().Done()
				close(aborted)
			})
			w.serve(on("a.com", to("/", "x")))
			ctx, cancel := context.WithCancel(context.Background())
			go func() {
				<-arrived
				cancel()
			}()
			r, _ := http.NewRequestWithContext(ctx, http.MethodGet, "http://a.com/", nil)
			if _, err := w.client(internetPlain, change).Do(r); err == nil {
				t.Fatal("an answer to an aborted request")
			}
			<-aborted
		})
	}
}

// TestBackendsAbortReachesTheClient: half an answer must not look whole.
func TestBackendsAbortReachesTheClient(t *testing.T) {
	w := newWorld(t, nil)
	w.backend("x", func(w http.ResponseWriter, _ *http.Request) {
		fmt.Fprint(w, "half")
		http.NewResponseController(w).Flush()
		panic(http.ErrAbortHandler)
	})
	w.serve(on("a.com", to("/", "x")))
	res, err := w.client(internetPlain).Get("http://a.com/")
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	if body, err := io.ReadAll(res.Body); err == nil {
		t.Errorf("%q looks whole", body)
	}
}

// echo is a WebSocket server.
func echo(w http.ResponseWriter, r *http.Request) {
	conn, err := (&websocket.Upgrader{}).Upgrade(w, r, nil)
	if err != nil {
		return
	}
	defer conn.Close()
	for {
		kind, message, err := conn.ReadMessage()
		if err != nil {
			return
		}
		if conn.WriteMessage(kind, append(message, " - pong"...)) != nil {
			return
		}
	}
}

func (w *world) dialWebSocket(e Entry, host string) *websocket.Conn {
	w.t.Helper()
	dialer := websocket.Dialer{NetDialContext: w.client(e).Transport.(*http.Transport).DialContext}
	conn, res, err := dialer.Dial("ws://"+host+"/", nil)
	if err != nil {
		w.t.Fatal(err)
	}
	if got := res.Header["Connection"]; len(got) != 1 || got[0] != "Upgrade" {
		w.t.Errorf("Connection: %v", got)
	}
	w.t.Cleanup(func() { conn.Close() })
	return conn
}

func ping(t testing.TB, conn *websocket.Conn, text string) {
	t.Helper()
	if err := conn.WriteMessage(websocket.TextMessage, []byte(text)); err != nil {
		t.Fatal(err)
	}
	if _, got, err := conn.ReadMessage(); err != nil || string(got) != text+" - pong" {
		t.Fatalf("got %q, %v", got, err)
	}
}

// TestWebSocket, also to a backend that wants HTTP/2 for requests.
func TestWebSocket(t *testing.T) {
	for _, h2c := range []bool{false, true} {
		w := newWorld(t, nil)
		a := w.backend("x", echo)
		a.H2C = h2c
		w.offer("x", a)
		w.serve(on("a.com", to("/", "x")))
		conn := w.dialWebSocket(internetPlain, "a.com")
		for i := range 100 {
			ping(t, conn, fmt.Sprint("ping ", i))
		}
	}
}

// TestExpectContinue: a body is sent only to a backend that wants it.
func TestExpectContinue(t *testing.T) {
	w := newWorld(t, nil)
	w.backend("x", func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/refuses" {
			http.Error(w, "no", http.StatusForbidden)
			return
		}
		io.Copy(w, r.Body)
	})
	w.serve(on("a.com", to("/", "x")))
	client := w.client(internetPlain, func(t *http.Transport) { t.ExpectContinueTimeout = time.Minute })
	for path, want := range map[string]string{"/takes": "200 body", "/refuses": "403 no\n"} {
		body := &counted{Reader: strings.NewReader("body")}
		r, _ := http.NewRequest(http.MethodPost, "http://a.com"+path, body)
		r.Header.Set("Expect", "100-continue")
		status, text := fetch(t, client, r)
		if got := fmt.Sprint(status, " ", text); got != want {
			t.Errorf("%s: got %q", path, got)
		}
		if sent := body.reads.Load() > 0; sent != (status == http.StatusOK) {
			t.Errorf("%s: body sent: %v", path, sent)
		}
	}
}

type counted struct {
	io.Reader
	reads atomic.Int64
}

func (c *counted) Read(p []byte) (int, error) {
	c.reads.Add(1)
	return c.Reader.Read(p)
}
