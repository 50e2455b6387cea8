// Package control is how the host talks to the running region: HTTP on a unix
// socket, whose path crosses the border between network namespaces. CONNECT
// tunnels to an address inside; the other calls look at and signal components.
package control

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"strconv"
	"syscall"
)

// Components is what the server can look at and signal.
type Components interface {
	PIDs() map[string]int
	Signal(name string, signal syscall.Signal) error
}

// Serve answers on the socket until ctx is over.
func Serve(ctx context.Context, socket string, components Components) error {
	listener, err := net.Listen("unix", socket)
	if err != nil {
		return err
	}
	server := &http.Server{Handler: handler(components)}
	go func() {
		<-ctx.Done()
		server.Close()
	}()
	go func() { _ = server.Serve(listener) }()
	return nil
}

func handler(components Components) http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /components", func(w http.ResponseWriter, _ *http.Request) {
		_ = json.NewEncoder(w).Encode(components.PIDs())
	})
	mux.HandleFunc("GET /memory", func(w http.ResponseWriter, _ *http.Request) {
		sizes, err := Memory()
		if err != nil {
			http.Error(w, err.Error(), http.StatusInternalServerError)
			return
		}
		_ = json.NewEncoder(w).Encode(sizes)
	})
	mux.HandleFunc("POST /components/{name}/signal/{number}", func(w http.ResponseWriter, r *http.Request) {
		number, err := strconv.Atoi(r.PathValue("number"))
		if err == nil {
			err = components.Signal(r.PathValue("name"), syscall.Signal(number))
		}
		if err != nil {
			http.Error(w, err.Error(), http.StatusBadRequest)
		}
	})
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodConnect {
			tunnel(w, r)
			return
		}
		mux.ServeHTTP(w, r)
	})
}

// tunnel joins the caller with an address inside the region.
func tunnel(w http.ResponseWriter, r *http.Request) {
	inside, err := (&net.Dialer{}).DialContext(r.Context(), "tcp", r.Host)
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadGateway)
		return
	}
	defer inside.Close()
	outside, buffered, err := http.NewResponseController(w).Hijack()
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	defer outside.Close()
	fmt.Fprint(outside, "HTTP/1.1 200 Connected\r\n\r\n")
	Join(outside, buffered, inside)
}

// Join copies both ways until both directions have ended. A half-close on one
// side is passed on to the other.
func Join(outside net.Conn, fromOutside io.Reader, inside net.Conn) {
	done := make(chan struct{})
	go func() {
		_, _ = io.Copy(inside, fromOutside)
		closeWrite(inside)
		close(done)
	}()
	_, _ = io.Copy(outside, inside)
	closeWrite(outside)
	<-done
}

func closeWrite(conn net.Conn) {
	if half, ok := conn.(interface{ CloseWrite() error }); ok {
		_ = half.CloseWrite()
	}
}
