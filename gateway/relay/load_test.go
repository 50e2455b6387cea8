package relay

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/ebb-node/ebb/gateway/backend"
	"github.com/ebb-node/ebb/gateway/ingress"
)

// TestChangesLoseNoRequest: hosts, splits and addresses change all the time,
// lists are empty in between, and some addresses refuse.
func TestChangesLoseNoRequest(t *testing.T) {
	w := newWorld(t, nil)
	answer := func(w http.ResponseWriter, r *http.Request) { fmt.Fprint(w, "served") }
	var good []backend.Address
	for i := range 3 {
		good = append(good, w.backend(fmt.Sprint("s", i), answer))
	}
	bad := refusing(t)
	w.serve(on("a.com", to("/", "s0")))

	ctx, stop := context.WithCancel(context.Background())
	var all sync.WaitGroup
	var served atomic.Int64
	for i := range 8 {
		client := w.client(internetPlain)
		all.Go(func() {
			for n := 0; ctx.Err() == nil; n++ {
				r := get("http://a.com/")
				if (n+i)%2 == 0 {
					r, _ = http.NewRequest(http.MethodPost, "http://a.com/", strings.NewReader("body"))
				}
				if status, body := fetch(t, client, r); status != http.StatusOK || body != "served" {
					t.Errorf("%d %s", status, body)
				}
				served.Add(1)
			}
		})
	}
	for i := 0; served.Load() < 4000; i++ {
		service := fmt.Sprint("s", i%3)
		w.serve(on("a.com", ingress.Path{Prefix: "/", Splits: []ingress.Split{part(service, 30), part(fmt.Sprint("s", (i+1)%3), 70)}}))
		w.offer(service)
		w.offer(service, bad, good[(i+1)%3])
		w.offer(service, good[i%3])
	}
	stop()
	all.Wait()
}

func BenchmarkMatch(b *testing.B) {
	table := NewTable(idle)
	var hosts []ingress.Host
	for i := range 5000 {
		hosts = append(hosts, on(fmt.Sprintf("h%d.example.com", i), to("/", "x"), to("/.well-known/acme-challenge/t", "y")))
	}
	setHosts(table, hosts...)
	r := get("http://h2500.example.com/a/path?with=query")
	b.ReportAllocs()
	for b.Loop() {
		if _, err := table.snapshot.Load().plan(internetPlain, r); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkSet replaces one of 5,000 hosts.
func BenchmarkSet(b *testing.B) {
	table := NewTable(idle)
	var hosts []ingress.Host
	for i := range 5000 {
		hosts = append(hosts, on(fmt.Sprintf("h%d.example.com", i), to("/", fmt.Sprint("s", i))))
	}
	setHosts(table, hosts...)
	b.ReportAllocs()
	for i := 0; b.Loop(); i++ {
		setHosts(table, hosts[i%len(hosts)])
	}
}

// BenchmarkRelayed and BenchmarkUnrelayed differ by what the relay costs.
func BenchmarkRelayed(b *testing.B) {
	w := newWorld(b, nil)
	w.backend("x", func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, "served") })
	w.serve(on("a.com", to("/", "x")))
	ask(b, w.client(internetPlain))
}

func BenchmarkUnrelayed(b *testing.B) {
	w := newWorld(b, nil)
	a := w.backend("x", func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, "served") })
	w.address[internetPlain] = fmt.Sprint(a.IP, ":", a.Port)
	ask(b, w.client(internetPlain))
}

func ask(b *testing.B, client *http.Client) {
	client.Transport.(*http.Transport).MaxIdleConnsPerHost = 100
	b.ReportAllocs()
	b.RunParallel(func(pb *testing.PB) {
		for pb.Next() {
			if status, _ := fetch(b, client, get("http://a.com/")); status != http.StatusOK {
				b.Fatal(status)
			}
		}
	})
}
