package balancer

import (
	"net/http"
	"net/http/cookiejar"
	"strings"
	"testing"
	"time"
)

func TestAStickyClientStaysAtItsMember(t *testing.T) {
	r := newRig(t, Config{})
	a, b := named(t, "a"), named(t, "b")
	l := web("g")
	l.Sticky = Sticky{Insert: true, CookieTimeout: 500 * time.Second}
	r.apply([]Group{group("g", a, b)}, l)
	client := r.client(80)
	client.Jar, _ = cookiejar.New(nil)

	response, err := client.Get("http://a.example.com/")
	if err != nil {
		t.Fatal(err)
	}
	first := body(t, response)
	if cookies := response.Cookies(); len(cookies) != 1 || cookies[0].Name != "SERVERID" || cookies[0].MaxAge != 500 || cookies[0].Path != "/" {
		t.Errorf("cookies = %v", cookies)
	}
	for range 5 {
		response, err := client.Get("http://a.example.com/x")
		if err != nil {
			t.Fatal(err)
		}
		if got := body(t, response); got != first || len(response.Cookies()) > 0 {
			t.Errorf("reached %q with new cookies %v, want %q", got, response.Cookies(), first)
		}
	}

	// The member goes; the client gets another one and a new cookie.
	stays, other := b, "b"
	if first == "b" {
		stays, other = a, "a"
	}
	r.apply([]Group{group("g2", stays)}, Listener{Port: 80, Protocol: HTTP, Running: true, DefaultGroup: "g2", Policy: l.Policy})
	for range 3 {
		if _, got := r.get(client, "http://a.example.com/"); got != other {
			t.Errorf("reached %q, want %q", got, other)
		}
	}
}

func TestAStickyMemberThatCannotTakeTheRequestIsLeft(t *testing.T) {
	b := named(t, "b")
	for name, a := range map[string]Member{"weight 0": named(t, "a").weighing(0), "refusing": refusing(t, "a")} {
		r := newRig(t, Config{})
		l := web("g")
		l.Sticky = Sticky{Insert: true, CookieTimeout: time.Second}
		r.apply([]Group{group("g", a, b)}, l)
		request, _ := http.NewRequest(http.MethodGet, "http://a.example.com/", nil)
		request.AddCookie(&http.Cookie{Name: "SERVERID", Value: stickyTicket(a)})
		response, err := r.client(80).Do(request)
		if err != nil {
			t.Fatal(err)
		}
		if got := body(t, response); got != "b" || !strings.Contains(response.Header.Get("Set-Cookie"), stickyTicket(b)) {
			t.Errorf("%s: reached %q, cookie %q", name, got, response.Header.Get("Set-Cookie"))
		}
	}
}
