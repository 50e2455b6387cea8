package balancer

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/netip"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// tally counts the answers to n requests.
func tally(r *rig, client *http.Client, n int) map[string]int {
	got := map[string]int{}
	for range n {
		_, name := r.get(client, "http://a.example.com/")
		got[name]++
	}
	return got
}

func TestRequestsAreSharedByWeight(t *testing.T) {
	r := newRig(t, Config{})
	a, b, c := named(t, "a"), named(t, "b"), named(t, "c")
	client := r.client(80)
	check := func(scheduler Scheduler, wa, wb, wc int, want map[string]int) {
		t.Helper()
		l := web("g")
		l.Scheduler = scheduler
		r.apply([]Group{group("g", a.weighing(wa), b.weighing(wb), c.weighing(wc))}, l)
		if diff := cmp.Diff(want, tally(r, client, 200)); diff != "" {
			t.Errorf("%s %d:%d:%d (-want +got):\n%s", scheduler, wa, wb, wc, diff)
		}
	}
	check(WRR, 30, 70, 100, map[string]int{"a": 30, "b": 70, "c": 100})
	check("", 99, 1, 0, map[string]int{"a": 198, "b": 2})
	check(RR, 1, 100, 0, map[string]int{"a": 100, "b": 100})
}

func TestARuleMayHaveItsOwnScheduler(t *testing.T) {
	r := newRig(t, Config{})
	l := web("g")
	l.Scheduler = RR
	l.Rules = []Rule{
		{Name: "own", Domain: "a.example.com", Group: "g", Policy: &Policy{Scheduler: WRR}},
		{Name: "synced", Domain: "b.example.com", Group: "g"},
	}
	r.apply([]Group{group("g", named(t, "a").weighing(90), named(t, "b").weighing(10))}, l)
	client := r.client(80)
	if diff := cmp.Diff(map[string]int{"a": 90, "b": 10}, tally(r, client, 100)); diff != "" {
		t.Errorf("own scheduler (-want +got):\n%s", diff)
	}
	got := map[string]int{}
	for range 100 {
		_, name := r.get(client, "http://b.example.com/")
		got[name]++
	}
	if diff := cmp.Diff(map[string]int{"a": 50, "b": 50}, got); diff != "" {
		t.Errorf("the listener's scheduler (-want +got):\n%s", diff)
	}
}

// holding is a backend that answers when it is let go.
func holding(t *testing.T) (m Member, arrived <-chan struct{}, release func()) {
	in, out := make(chan struct{}, 10), make(chan struct{})
	release = sync.OnceFunc(func() { close(out) })
	m = backend(t, "holding", func(w http.ResponseWriter, _ *http.Request) {
		in <- struct{}{}
		<-out
		_, _ = io.WriteString(w, "held")
	})
	t.Cleanup(release) // before the server waits for its handlers
	return m, in, release
}

func TestRequestsUnderWayOutliveTheirMember(t *testing.T) {
	for name, change := range map[string]func(*rig, Member){
		"weight 0":         func(r *rig, m Member) { r.apply([]Group{group("g", m.weighing(0))}, web("g")) },
		"removed":          func(r *rig, _ Member) { r.apply([]Group{group("g")}, web("g")) },
		"other group":      func(r *rig, m Member) { r.apply([]Group{group("h", m)}, web("h")) },
		"listener stopped": func(r *rig, m Member) { r.apply([]Group{group("g", m)}) },
	} {
		t.Run(name, func(t *testing.T) {
			r := newRig(t, Config{})
			m, arrived, release := holding(t)
			r.apply([]Group{group("g", m)}, web("g"))
			client := r.client(80)
			answer := make(chan string, 1)
			go func() {
				response, err := client.Get("http://a.example.com/")
				if err != nil {
					answer <- err.Error()
					return
				}
				all, _ := io.ReadAll(response.Body)
				response.Body.Close()
				answer <- string(all)
			}()
			<-arrived
			change(r, m)
			release()
			if got := <-answer; got != "held" {
				t.Errorf("the request under way got %q", got)
			}
		})
	}
}

func TestRemoveCutsRequestsUnderWay(t *testing.T) {
	for name, before := range map[string]func(*rig, Member){
		"running": func(*rig, Member) {},
		"ending":  func(r *rig, m Member) { r.apply([]Group{group("g", m)}) },
	} {
		t.Run(name, func(t *testing.T) {
			r := newRig(t, Config{})
			m, arrived, _ := holding(t)
			r.apply([]Group{group("g", m)}, web("g"))
			client := r.client(80)
			failed := make(chan error, 1)
			go func() {
				_, err := client.Get("http://a.example.com/")
				failed <- err
			}()
			<-arrived
			before(r, m)
			if err := r.Remove(balancerID); err != nil {
				t.Fatal(err)
			}
			if <-failed == nil {
				t.Error("the request was answered")
			}
			if err := r.Remove(balancerID); err != nil {
				t.Errorf("a second Remove: %v", err)
			}
		})
	}
}

func TestAnIdleClientConnectionOutlivesEveryChange(t *testing.T) {
	r := newRig(t, Config{})
	a, b := named(t, "a"), named(t, "b")
	r.apply([]Group{group("g", a)}, web("g"))
	conn, err := net.Dial("tcp", r.address(80))
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	reader := bufio.NewReader(conn)
	ask := func(want string) {
		t.Helper()
		if _, err := io.WriteString(conn, "GET / HTTP/1.1\r\nHost: a\r\n\r\n"); err != nil {
			t.Fatal(err)
		}
		response, err := http.ReadResponse(reader, nil)
		if err != nil {
			t.Fatal(err)
		}
		if got := body(t, response); got != want {
			t.Errorf("answer = %q, want %q", got, want)
		}
	}
	ask("a")
	r.apply([]Group{group("g", a)}, web("g"))
	ask("a")
	l := web("h")
	l.Rules = []Rule{{Name: "r", Domain: "b", Group: "g"}}
	l.Scheduler, l.Gzip, l.RequestTimeout = RR, true, DefaultRequestTimeout/2
	r.apply([]Group{group("g", a), group("h", b)}, l)
	ask("b")
}

func TestNoRequestIsLostWhileEverythingChanges(t *testing.T) {
	r := newRig(t, Config{})
	a, b, c := named(t, "a"), named(t, "b"), named(t, "c")
	states := []func() ([]Group, Listener){
		func() ([]Group, Listener) { return []Group{group("g", a, b)}, web("g") },
		func() ([]Group, Listener) { return []Group{group("g", b)}, web("g") },
		func() ([]Group, Listener) { return []Group{group("h", c)}, web("h") },
		func() ([]Group, Listener) { return []Group{group("g", a.weighing(0), c.weighing(1))}, web("g") },
		func() ([]Group, Listener) {
			l := web("")
			l.Scheduler = RR
			l.Rules = []Rule{{Name: "r", Domain: "a.example.com", Group: "g"}}
			return []Group{group("g", a)}, l
		},
	}
	change := func(i int) {
		groups, l := states[i%len(states)]()
		lb, byID := described(groups, l)
		if err := r.Apply(lb, byID); err != nil {
			t.Error(err)
		}
	}
	change(0)
	client := r.client(80)
	var clients sync.WaitGroup
	for n := range 4 {
		clients.Go(func() {
			for i := range 200 {
				change(n + i) // while the others have requests under way
				response, err := client.Get("http://a.example.com/")
				if err != nil {
					t.Error(err)
					return
				}
				_, _ = io.Copy(io.Discard, response.Body)
				response.Body.Close()
				if response.StatusCode != http.StatusOK {
					t.Errorf("status = %d", response.StatusCode)
				}
			}
		})
	}
	clients.Wait()
}

func TestAListenerMayChangeItsProtocolAndItsAddress(t *testing.T) {
	r := newRig(t, Config{})
	g := []Group{group("g", named(t, "a"))}
	r.apply(g, web("g"))
	l := web("g")
	l.Protocol = TCP
	r.apply(g, l)
	if n := r.listeners("192.0.2.10:80"); n != 1 {
		t.Errorf("%d listeners are open on the port", n)
	}
	if _, got := r.get(r.client(80), "http://a.example.com/"); got != "a" {
		t.Errorf("answer = %q", got)
	}
	moved := LoadBalancer{ID: balancerID, Address: netip.MustParseAddr("192.0.2.11"), Listeners: []Listener{web("g")}}
	if err := r.Apply(moved, map[string]Group{"g": g[0]}); err != nil {
		t.Fatal(err)
	}
	if old, now := r.listeners("192.0.2.10:80"), r.listeners("192.0.2.11:80"); old != 0 || now != 1 {
		t.Errorf("%d listeners are open on the old address and %d on the new one", old, now)
	}
	if err := r.Remove(balancerID); err != nil || r.listeners("192.0.2.11:80") != 0 {
		t.Errorf("after Remove: %v, %d listeners", err, r.listeners("192.0.2.11:80"))
	}
}

func TestAPortThatCannotBeHadIsTriedAgain(t *testing.T) {
	taken := true
	config := Config{Listen: func(network, _ string) (net.Listener, error) {
		if taken {
			return nil, fmt.Errorf("taken")
		}
		return net.Listen(network, "127.0.0.1:0")
	}}
	b := New(config)
	defer b.Close()
	lb := LoadBalancer{ID: balancerID, Address: netip.MustParseAddr("192.0.2.10"), Listeners: []Listener{web("g")}}
	groups := map[string]Group{"g": group("g")}
	if err := b.Apply(lb, groups); err == nil {
		t.Error("no error for a port that is taken")
	}
	taken = false
	if err := b.Apply(lb, groups); err != nil {
		t.Errorf("applied again: %v", err)
	}
}
