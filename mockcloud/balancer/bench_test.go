package balancer

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"testing"
)

// BenchmarkRequests is a small GET by keep-alive clients through an HTTP
// listener with 40 rules to one of ten members, and for comparison straight
// to a member.
func BenchmarkRequests(b *testing.B) {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, "coffee") }))
	defer server.Close()
	address := netip.MustParseAddrPort(server.Listener.Addr().String())
	r := &rig{bound: map[string]string{}, open: map[string]int{}}
	r.Balancer = New(Config{Listen: r.listen})
	defer r.Close()

	l := web("g")
	l.Forwarded.For, l.Gzip = true, true
	for i := range 40 {
		l.Rules = append(l.Rules, Rule{Name: fmt.Sprint(i), Domain: fmt.Sprintf("h%d.example.com", i), Group: "g"})
	}
	g := group("g")
	for i := range 10 {
		g.Members = append(g.Members, Member{ServerID: fmt.Sprint(i), IP: address.Addr(), Port: int(address.Port()), Weight: 10 * (i + 1)})
	}
	lb := LoadBalancer{ID: balancerID, Address: netip.MustParseAddr("192.0.2.10"), Listeners: []Listener{l}}
	if err := r.Apply(lb, map[string]Group{"g": g}); err != nil {
		b.Fatal(err)
	}
	b.Run("balanced", func(b *testing.B) { request(b, r.bound["192.0.2.10:80"]) })
	b.Run("direct", func(b *testing.B) { request(b, address.String()) })
}

func request(b *testing.B, address string) {
	client := &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: 100, DisableCompression: true}}
	defer client.CloseIdleConnections()
	b.ReportAllocs()
	b.SetParallelism(8)
	b.RunParallel(func(p *testing.PB) {
		for p.Next() {
			call, _ := http.NewRequest(http.MethodGet, "http://"+address+"/", nil)
			call.Host = "h20.example.com"
			response, err := client.Do(call)
			if err != nil {
				b.Error(err)
				return
			}
			_, _ = io.Copy(io.Discard, response.Body)
			response.Body.Close()
		}
	})
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "requests/s")
}

// BenchmarkRoute is a match among 40 rules.
func BenchmarkRoute(b *testing.B) {
	var rules []Rule
	for i := range 20 {
		domain := fmt.Sprintf("h%d.example.com", i)
		rules = append(rules, Rule{Domain: domain, Group: "g"}, Rule{Domain: domain, URL: "/api", Group: "g"})
	}
	r := newRouter(rules, groupOf, "default")
	for b.Loop() {
		if _, ok := r.route("h19.example.com", "/api/x"); !ok {
			b.Fatal("not found")
		}
	}
}

// BenchmarkPick is a pick among 200 members, the quota of an instance.
func BenchmarkPick(b *testing.B) {
	weights := make([]int, 200)
	for i := range weights {
		weights[i] = i % 101
	}
	w := weighted(weights...)
	for b.Loop() {
		if _, ok := w.next(anyone); !ok {
			b.Fatal("nobody")
		}
	}
}
