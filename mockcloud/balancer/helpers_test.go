package balancer

import (
	"cmp"
	"context"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strconv"
	"sync"
	"syscall"
	"testing"
)

const balancerID = "lb-test"

// rig is a balancer whose listeners are on ports that the machine chose.
type rig struct {
	*Balancer
	t *testing.T

	mu    sync.Mutex
	bound map[string]string // real address by the one that was asked for
	open  map[string]int    // listeners that are not closed, by the same
}

// tracked is a listener that is counted while it is open.
type tracked struct {
	net.Listener
	closed func()
}

func (l tracked) Close() error {
	l.closed()
	return l.Listener.Close()
}

func newRig(t *testing.T, config Config) *rig {
	t.Helper()
	r := &rig{t: t, bound: map[string]string{}, open: map[string]int{}}
	config.Listen = r.listen
	config.Nodes = cmp.Or(config.Nodes, 1) // tests count on the order of picks
	r.Balancer = New(config)
	t.Cleanup(func() {
		if err := r.Close(); err != nil {
			t.Errorf("close: %v", err)
		}
	})
	return r
}

func (r *rig) listen(network, address string) (net.Listener, error) {
	l, err := net.Listen(network, "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.bound[address] = l.Addr().String()
	r.open[address]++
	return tracked{l, sync.OnceFunc(func() {
		r.mu.Lock()
		defer r.mu.Unlock()
		r.open[address]--
	})}, nil
}

// listeners are how many are open where one was asked for.
func (r *rig) listeners(address string) int {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.open[address]
}

// apply makes the load balancer have these listeners and groups.
func (r *rig) apply(groups []Group, listeners ...Listener) {
	r.t.Helper()
	lb, byID := described(groups, listeners...)
	if err := r.Apply(lb, byID); err != nil {
		r.t.Fatalf("apply: %v", err)
	}
}

func described(groups []Group, listeners ...Listener) (LoadBalancer, map[string]Group) {
	byID := map[string]Group{}
	for _, g := range groups {
		byID[g.ID] = g
	}
	return LoadBalancer{ID: balancerID, Address: netip.MustParseAddr("192.0.2.10"), Listeners: listeners}, byID
}

// address is where the listener of a port really is.
func (r *rig) address(port int) string {
	r.t.Helper()
	r.mu.Lock()
	defer r.mu.Unlock()
	address, ok := r.bound["192.0.2.10:"+strconv.Itoa(port)]
	if !ok {
		r.t.Fatalf("no listener was opened on port %d", port)
	}
	return address
}

// client is a client that reaches the load balancer whatever the URL's host
// is, as if its name had been resolved.
func (r *rig) client(port int) *http.Client {
	transport := &http.Transport{
		DialContext: func(ctx context.Context, network, _ string) (net.Conn, error) {
			return new(net.Dialer).DialContext(ctx, network, r.address(port))
		},
		DisableCompression: true,
	}
	r.t.Cleanup(transport.CloseIdleConnections)
	return &http.Client{
		Transport:     transport,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
}

// get answers status and body.
func (r *rig) get(client *http.Client, url string) (int, string) {
	r.t.Helper()
	response, err := client.Get(url)
	if err != nil {
		r.t.Fatalf("GET %s: %v", url, err)
	}
	return response.StatusCode, body(r.t, response)
}

func body(t *testing.T, response *http.Response) string {
	t.Helper()
	defer response.Body.Close()
	all, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatalf("read the body: %v", err)
	}
	return string(all)
}

// web is an HTTP listener on port 80.
func web(group string) Listener {
	return Listener{Port: 80, Protocol: HTTP, Running: true, DefaultGroup: group}
}

// named is a backend that answers with its name.
func named(t *testing.T, name string) Member {
	t.Helper()
	return backend(t, name, func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, name) })
}

// backend is a member of weight 100 behind which a handler serves.
func backend(t *testing.T, id string, handler http.HandlerFunc) Member {
	t.Helper()
	server := httptest.NewServer(handler)
	t.Cleanup(server.Close)
	return memberAt(t, id, server.Listener.Addr())
}

func memberAt(t *testing.T, id string, address net.Addr) Member {
	t.Helper()
	at, err := netip.ParseAddrPort(address.String())
	if err != nil {
		t.Fatal(err)
	}
	return Member{ServerID: id, IP: at.Addr(), Port: int(at.Port()), Weight: 100}
}

// refusing is a member that refuses connections. It keeps its port, or else
// somebody might come to listen there.
func refusing(t *testing.T, id string) Member {
	t.Helper()
	socket, err := syscall.Socket(syscall.AF_INET, syscall.SOCK_STREAM, 0)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = syscall.Close(socket) })
	loopback := netip.MustParseAddr("127.0.0.1")
	if err := syscall.Bind(socket, &syscall.SockaddrInet4{Addr: loopback.As4()}); err != nil {
		t.Fatal(err)
	}
	name, err := syscall.Getsockname(socket)
	if err != nil {
		t.Fatal(err)
	}
	return Member{ServerID: id, IP: loopback, Port: name.(*syscall.SockaddrInet4).Port, Weight: 100}
}

func group(id string, members ...Member) Group { return Group{ID: id, Members: members} }

func (m Member) weighing(weight int) Member {
	m.Weight = weight
	return m
}
