package balancer

import (
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"sync/atomic"
)

// What ends an exchange before its time.
var (
	errBackendSilent = errors.New("the backend was silent for longer than the request timeout")
	errMemberRemoved = errors.New("the member was removed from its group")
)

// exchange is one request on its way to a member and back.
type exchange struct {
	ctx    context.Context
	table  *table
	pool   *pool
	ticket string // that the client presented, of a sticky pool
	last   bool   // of its client connection
	node   int    // that has the client connection
	http10 bool
	client string // address and port
	watch  *watchdog

	tried  map[memberKey]bool // only the dialing goroutine knows
	member atomic.Pointer[Member]
	enlist func(Member) // makes it end with its member; nil without CutOnRemoval
}

type exchangeKey struct{}

func exchangeOf(ctx context.Context) *exchange { return ctx.Value(exchangeKey{}).(*exchange) }

// take notes the member that takes the exchange.
func (x *exchange) take(m Member) {
	x.member.Store(&m)
	if x.enlist != nil {
		x.enlist(m)
	}
}

// taker is the member that took the exchange, if there is one yet.
func (x *exchange) taker() Member {
	if m := x.member.Load(); m != nil {
		return *m
	}
	return Member{}
}

// fail notes a member that could not be reached.
func (x *exchange) fail(m Member) {
	if x.tried == nil {
		x.tried = map[memberKey]bool{}
	}
	x.tried[keyOf(m)] = true
}

// dress gives a backend's connection what the exchange needs of it.
func (x *exchange) dress(conn net.Conn) net.Conn {
	if x.http10 {
		return &http10Conn{Conn: conn}
	}
	return conn
}

// watchedUpload touches the watchdog as the client's body comes in: the
// backend is silent because it is still listening.
type watchedUpload struct {
	io.ReadCloser
	watch *watchdog
}

func (b watchedUpload) Read(p []byte) (int, error) {
	n, err := b.ReadCloser.Read(p)
	b.watch.touch()
	return n, err
}

// watchedDownload counts only the time in which the backend is waited for,
// not that of a slow client.
type watchedDownload struct {
	io.ReadCloser
	watch *watchdog
}

func (b watchedDownload) Read(p []byte) (int, error) {
	b.watch.wake()
	defer b.watch.sleep()
	return b.ReadCloser.Read(p)
}

// tooLarge reports whether a request's header is over the limit.
func tooLarge(r *http.Request, limit int) bool {
	size := len(r.Method) + len(r.RequestURI) + len(r.Host)
	for name, values := range r.Header {
		for _, value := range values {
			size += len(name) + len(value) + len(": \r\n")
		}
	}
	return size > limit
}
