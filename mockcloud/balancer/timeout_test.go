package balancer

import (
	"bufio"
	"fmt"
	"io"
	"net/http"
	"testing"
	"time"

	testclock "k8s.io/utils/clock/testing"
)

// The request timeout in these tests is 60 s, and each part of a body comes
// after 40 s.

func TestTheRequestTimeoutIsForSilenceNotForLongResponses(t *testing.T) {
	clock := testclock.NewFakeClock(time.Unix(1000, 0))
	r := newRig(t, Config{Clock: clock})
	next, silent := make(chan struct{}), make(chan struct{})
	m := backend(t, "a", func(w http.ResponseWriter, r *http.Request) {
		for i := range 4 {
			fmt.Fprintf(w, "line %d\n", i)
			w.(http.Flusher).Flush()
			<-next
		}
		<-r.Context().Done()
		close(silent)
	})
	t.Cleanup(func() { close(next) })
	r.apply([]Group{group("g", m)}, web("g"))
	response, err := r.client(80).Get("http://a.example.com/")
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	lines := bufio.NewReader(response.Body)
	for i := range 4 {
		if got, err := lines.ReadString('\n'); err != nil || got != fmt.Sprintf("line %d\n", i) {
			t.Fatalf("line = %q, %v", got, err)
		}
		clock.Step(40 * time.Second)
		next <- struct{}{}
	}

	// Now the backend says nothing more.
	ended := make(chan error, 1)
	go func() {
		_, err := io.Copy(io.Discard, lines)
		ended <- err
	}()
	for {
		select {
		case err := <-ended:
			if err == nil {
				t.Error("a response that was cut looks whole")
			}
			<-silent
			return
		default:
			clock.Step(61 * time.Second)
		}
	}
}

func TestTheRequestTimeoutIsNotForLongUploads(t *testing.T) {
	clock := testclock.NewFakeClock(time.Unix(1000, 0))
	r := newRig(t, Config{Clock: clock})
	heard := make(chan string)
	m := backend(t, "a", func(w http.ResponseWriter, r *http.Request) {
		lines := bufio.NewReader(r.Body)
		for {
			line, err := lines.ReadString('\n')
			if err != nil {
				break
			}
			heard <- line
		}
		_, _ = io.WriteString(w, "done")
	})
	r.apply([]Group{group("g", m)}, web("g"))
	reader, writer := io.Pipe()
	answer := make(chan string, 1)
	go func() {
		response, err := r.client(80).Post("http://a.example.com/", "text/plain", reader)
		if err != nil {
			answer <- err.Error()
			return
		}
		all, _ := io.ReadAll(response.Body)
		response.Body.Close()
		answer <- string(all)
	}()
	for i := range 4 {
		fmt.Fprintf(writer, "line %d\n", i)
		<-heard
		clock.Step(40 * time.Second)
	}
	writer.Close()
	if got := <-answer; got != "done" {
		t.Errorf("answer = %q", got)
	}
}
