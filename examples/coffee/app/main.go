// App is the coffee shop: an HTTP server that says hello. It listens on $PORT
// (8080 if unset) and greets $TARGET ("World" if unset). A request may ask
// for work: ?sleep=100 answers after 100 ms. ?burn=100 spends about 100 ms of
// one CPU.
package main

import (
	"context"
	"errors"
	"fmt"
	"log"
	"net/http"
	"os"
	"os/signal"
	"strconv"
	"syscall"
	"time"
)

func main() {
	server := &http.Server{Addr: ":" + setting("PORT", "8080"), Handler: handler(setting("TARGET", "World"))}
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM, os.Interrupt)
	defer stop()
	go func() {
		<-ctx.Done()
		_ = server.Shutdown(context.Background())
	}()
	log.Printf("listening on %s", server.Addr)
	if err := server.ListenAndServe(); !errors.Is(err, http.ErrServerClosed) {
		log.Fatal(err)
	}
}

func setting(name, otherwise string) string {
	if value := os.Getenv(name); value != "" {
		return value
	}
	return otherwise
}

func handler(target string) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		sleep, err := milliseconds(r, "sleep")
		if err == nil {
			var work time.Duration
			if work, err = milliseconds(r, "burn"); err == nil {
				burn(work)
			}
		}
		if err != nil {
			http.Error(w, err.Error(), http.StatusBadRequest)
			return
		}
		select {
		case <-time.After(sleep):
		case <-r.Context().Done():
			return
		}
		log.Printf("%s %s from %s", r.Method, r.URL.Path, r.RemoteAddr)
		fmt.Fprintf(w, "Hello %s!\n", target)
	})
}

func milliseconds(r *http.Request, name string) (time.Duration, error) {
	value := r.URL.Query().Get(name)
	if value == "" {
		return 0, nil
	}
	n, err := strconv.Atoi(value)
	if err != nil || n < 0 {
		return 0, fmt.Errorf("%s=%q: give a whole number of milliseconds, such as %s=100", name, value, name)
	}
	return time.Duration(n) * time.Millisecond, nil
}

func burn(d time.Duration) {
	for end := time.Now().Add(d); time.Now().Before(end); {
	}
}
