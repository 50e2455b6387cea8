package balancer

import (
	"net/http"
	"strings"
	"testing"
	"time"
)

func TestWithoutABackendTheDocumentedStatusIsAnswered(t *testing.T) {
	hang := make(chan struct{})
	t.Cleanup(func() { close(hang) })
	silent := func(_ http.ResponseWriter, r *http.Request) {
		select {
		case <-r.Context().Done():
		case <-hang:
		}
	}
	dead := func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }
	for _, c := range []struct {
		name    string
		members func(t *testing.T) []Member
		change  func(*Listener, *Config)
		want    int
	}{
		{"empty group", func(t *testing.T) []Member { return nil }, nil, 503},
		{"all weights 0", func(t *testing.T) []Member { return []Member{named(t, "a").weighing(0)} }, nil, 503},
		{"all weights 0, rr", func(t *testing.T) []Member { return []Member{named(t, "a").weighing(0)} },
			func(l *Listener, _ *Config) { l.Scheduler = RR }, 503},
		{"no group", nil, func(l *Listener, _ *Config) { l.DefaultGroup = "" }, 503},
		{"refused", func(t *testing.T) []Member { return []Member{refusing(t, "a"), refusing(t, "b")} }, nil, 502},
		{"closed without an answer", func(t *testing.T) []Member { return []Member{backend(t, "a", dead)} }, nil, 502},
		{"connect timeout", func(t *testing.T) []Member { return []Member{named(t, "a")} },
			func(_ *Listener, config *Config) { config.Limits.ConnectTimeout = time.Nanosecond }, 504},
		{"request timeout", func(t *testing.T) []Member { return []Member{backend(t, "a", silent)} },
			func(l *Listener, _ *Config) { l.RequestTimeout = time.Millisecond }, 504},
		{"header too large", func(t *testing.T) []Member { return []Member{named(t, "a")} },
			func(_ *Listener, config *Config) { config.Limits.HeaderBytes = 10 }, 502},
	} {
		t.Run(c.name, func(t *testing.T) {
			l, config, g := web("g"), Config{}, group("g")
			if c.members != nil {
				g.Members = c.members(t)
			}
			if c.change != nil {
				c.change(&l, &config)
			}
			r := newRig(t, config)
			r.apply([]Group{g}, l)
			code, page := r.get(r.client(80), "http://a.example.com/")
			if code != c.want || !strings.Contains(page, http.StatusText(c.want)) {
				t.Errorf("answer = %d %q, want %d", code, page, c.want)
			}
		})
	}
}

func TestAMemberThatCannotBeReachedIsPassedOver(t *testing.T) {
	r := newRig(t, Config{})
	r.apply([]Group{group("g", refusing(t, "a"), refusing(t, "b"), named(t, "c").weighing(1))}, web("g"))
	client := r.client(80)
	for range 20 {
		response, err := client.Post("http://a.example.com/", "text/plain", strings.NewReader("body"))
		if err != nil {
			t.Fatal(err)
		}
		if got := body(t, response); got != "c" {
			t.Fatalf("answer = %d %q", response.StatusCode, got)
		}
	}
}

func TestConnectIsNotForwarded(t *testing.T) {
	r := newRig(t, Config{})
	r.apply([]Group{group("g", named(t, "a"))}, web("g"))
	request, _ := http.NewRequest(http.MethodConnect, "http://a.example.com/", nil)
	response, err := r.client(80).Do(request)
	if err != nil {
		t.Fatal(err)
	}
	response.Body.Close()
	if response.StatusCode != http.StatusMethodNotAllowed {
		t.Errorf("status = %d", response.StatusCode)
	}
}
