package balancer

import (
	"bufio"
	"context"
	"crypto/sha256"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"strings"
	"testing"
)

func TestAResponseStreams(t *testing.T) {
	for name, c := range map[string]struct {
		gzip   bool
		length string
	}{"chunked": {}, "of known length": {length: "21"}, "compressed": {gzip: true}} {
		t.Run(name, func(t *testing.T) {
			r := newRig(t, Config{})
			next := make(chan struct{})
			m := backend(t, "a", func(w http.ResponseWriter, _ *http.Request) {
				w.Header().Set("Content-Type", "text/plain")
				if c.length != "" {
					w.Header().Set("Content-Length", c.length)
				}
				for i := range 3 {
					fmt.Fprintf(w, "line %d\n", i)
					w.(http.Flusher).Flush()
					<-next
				}
			})
			t.Cleanup(func() { close(next) })
			l := web("g")
			l.Gzip = c.gzip
			r.apply([]Group{group("g", m)}, l)
			client := r.client(80)
			client.Transport.(*http.Transport).DisableCompression = !c.gzip
			response, err := client.Get("http://a.example.com/")
			if err != nil {
				t.Fatal(err)
			}
			defer response.Body.Close()
			lines := bufio.NewReader(response.Body)
			for i := range 3 {
				// The backend waits until this line has arrived.
				if got, err := lines.ReadString('\n'); err != nil || got != fmt.Sprintf("line %d\n", i) {
					t.Fatalf("line = %q, %v", got, err)
				}
				next <- struct{}{}
			}
		})
	}
}

func TestAnUploadStreams(t *testing.T) {
	r := newRig(t, Config{})
	heard := make(chan string)
	m := backend(t, "a", func(_ http.ResponseWriter, r *http.Request) {
		lines := bufio.NewReader(r.Body)
		for {
			line, err := lines.ReadString('\n')
			if err != nil {
				return
			}
			heard <- line
		}
	})
	r.apply([]Group{group("g", m)}, web("g"))
	reader, writer := io.Pipe()
	answered := make(chan error, 1)
	go func() {
		response, err := r.client(80).Post("http://a.example.com/", "text/plain", reader)
		if err == nil {
			response.Body.Close()
		}
		answered <- err
	}()
	for i := range 3 {
		fmt.Fprintf(writer, "line %d\n", i)
		// The client sends no more until the backend has this line.
		if got := <-heard; got != fmt.Sprintf("line %d\n", i) {
			t.Errorf("line = %q", got)
		}
	}
	writer.Close()
	if err := <-answered; err != nil {
		t.Error(err)
	}
}

func TestLargeBodiesArriveWhole(t *testing.T) {
	r := newRig(t, Config{})
	m := backend(t, "a", func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Length", r.Header.Get("Content-Length"))
		_, _ = io.Copy(w, r.Body)
	})
	r.apply([]Group{group("g", m)}, web("g"))
	const size = 64 << 20
	sent, got := sha256.New(), sha256.New()
	upload := io.TeeReader(io.LimitReader(rand.NewChaCha8([32]byte{1}), size), sent)
	request, _ := http.NewRequest(http.MethodPost, "http://a.example.com/", upload)
	request.ContentLength = size
	response, err := r.client(80).Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	n, err := io.Copy(got, response.Body)
	if err != nil || n != size || string(got.Sum(nil)) != string(sent.Sum(nil)) {
		t.Errorf("%d of %d bytes came back, %v", n, size, err)
	}
}

// TestTrailersAndTEDoNotPass is why gRPC does not get through, whatever the
// backend speaks.
func TestTrailersAndTEDoNotPass(t *testing.T) {
	r := newRig(t, Config{})
	seen := make(chan http.Header, 1)
	m := backend(t, "a", func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body)
		header := r.Header.Clone()
		for name, values := range r.Trailer {
			header["Trailer: "+name] = values
		}
		seen <- header
		w.Header().Set("Trailer", "Grpc-Status")
		_, _ = io.WriteString(w, "body")
		w.Header().Set("Grpc-Status", "0")
		w.Header().Set(http.TrailerPrefix+"Grpc-Message", "not announced")
	})
	r.apply([]Group{group("g", m)}, web("g"), secure(t, "g"))
	for port, url := range map[int]string{80: "http://a.example.com/", 443: "https://a.example.com/"} {
		client := r.client(port)
		transport := client.Transport.(*http.Transport)
		transport.TLSClientConfig, transport.ForceAttemptHTTP2 = &tls.Config{InsecureSkipVerify: true}, true
		request, err := http.NewRequest(http.MethodPost, url, io.MultiReader(strings.NewReader("body"))) // of unknown length
		if err != nil {
			t.Fatal(err)
		}
		request.Header.Set("Te", "trailers")
		request.Trailer = http.Header{"X-Sum": {"42"}}
		response, err := client.Do(request)
		if err != nil {
			t.Fatal(err)
		}
		if got := body(t, response); got != "body" || len(response.Trailer) > 0 || response.Header.Get("Trailer") != "" {
			t.Errorf("%s over %s: body %q, trailers %v, header %v", url, response.Proto, got, response.Trailer, response.Header)
		}
		for name, values := range <-seen {
			if name == "Te" || strings.HasPrefix(name, "Trailer") {
				t.Errorf("%s over %s: the backend got %s %v", url, response.Proto, name, values)
			}
		}
	}
}

func TestAClientThatLeavesTakesItsRequestAlong(t *testing.T) {
	r := newRig(t, Config{})
	arrived, left := make(chan struct{}), make(chan struct{})
	m := backend(t, "a", func(_ http.ResponseWriter, r *http.Request) {
		close(arrived)
		<-r.Context().Done()
		close(left)
	})
	r.apply([]Group{group("g", m)}, web("g"))
	client := r.client(80)
	ctx, leave := context.WithCancel(t.Context())
	request, _ := http.NewRequestWithContext(ctx, http.MethodGet, "http://a.example.com/", nil)
	failed := make(chan error, 1)
	go func() {
		_, err := client.Do(request)
		failed <- err
	}()
	<-arrived
	leave()
	<-left
	<-failed
}

func TestATruncatedResponseIsNotPassedOffAsWhole(t *testing.T) {
	r := newRig(t, Config{})
	m := backend(t, "a", func(w http.ResponseWriter, _ *http.Request) {
		_, _ = io.WriteString(w, strings.Repeat("x", 1000))
		w.(http.Flusher).Flush()
		panic(http.ErrAbortHandler)
	})
	r.apply([]Group{group("g", m)}, web("g"))
	response, err := r.client(80).Get("http://a.example.com/")
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	if _, err := io.ReadAll(response.Body); !errors.Is(err, io.ErrUnexpectedEOF) {
		t.Errorf("the body ended with %v", err)
	}
}

func TestAClientThatAsksIsToldToContinue(t *testing.T) {
	r := newRig(t, Config{})
	m := backend(t, "a", func(w http.ResponseWriter, r *http.Request) {
		if got := r.Header.Get("Expect"); got != "" {
			t.Errorf("Expect = %q at the backend", got)
		}
		_, _ = io.Copy(w, r.Body)
	})
	r.apply([]Group{group("g", m)}, web("g"))
	request, _ := http.NewRequest(http.MethodPost, "http://a.example.com/", strings.NewReader("large"))
	request.Header.Set("Expect", "100-continue")
	client := r.client(80)
	client.Transport.(*http.Transport).ExpectContinueTimeout = 1 << 62 // only a 100 makes it go on
	response, err := client.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	if got := body(t, response); got != "large" {
		t.Errorf("answer = %q", got)
	}
}
