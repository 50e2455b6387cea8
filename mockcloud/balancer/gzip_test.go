package balancer

import (
	"compress/gzip"
	"io"
	"net/http"
	"strings"
	"testing"
)

func TestGzipDependsOnSwitchClientAndContent(t *testing.T) {
	long := strings.Repeat("coffee ", 1000)
	for _, c := range []struct {
		name    string
		off     bool
		method  string
		accepts string
		header  map[string]string
		status  int
		body    string
		want    bool
	}{
		{name: "plain text", accepts: "deflate, gzip", body: long, want: true},
		{name: "switched off", off: true, accepts: "gzip", body: long},
		{name: "not accepted", accepts: "br", body: long},
		{name: "quality", accepts: "gzip;q=0.5", body: long, want: true},
		{name: "quality zero", accepts: "gzip; q=0", body: long},
		{name: "json", accepts: "gzip", header: map[string]string{"Content-Type": "application/json; charset=utf-8"}, body: long, want: true},
		{name: "image", accepts: "gzip", header: map[string]string{"Content-Type": "image/png"}, body: long},
		{name: "event stream", accepts: "gzip", header: map[string]string{"Content-Type": "text/event-stream"}, body: long},
		{name: "compressed already", accepts: "gzip", header: map[string]string{"Content-Encoding": "br"}, body: long},
		{name: "not to be changed", accepts: "gzip", header: map[string]string{"Cache-Control": "no-transform"}, body: long},
		{name: "too short", accepts: "gzip", body: "short"},
		{name: "an error", accepts: "gzip", status: 500, body: long},
		{name: "not found", accepts: "gzip", status: 404, body: long, want: true},
		{name: "head", method: http.MethodHead, accepts: "gzip"},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := newRig(t, Config{})
			m := backend(t, "a", func(w http.ResponseWriter, _ *http.Request) {
				w.Header().Set("Content-Type", "text/plain")
				w.Header().Set("ETag", `"tag"`)
				for name, value := range c.header {
					w.Header().Set(name, value)
				}
				w.WriteHeader(max(c.status, 200))
				_, _ = io.WriteString(w, c.body)
			})
			l := web("g")
			l.Gzip = !c.off
			r.apply([]Group{group("g", m)}, l)
			request, _ := http.NewRequest(c.method, "http://a.example.com/", nil)
			request.Header.Set("Accept-Encoding", c.accepts)
			response, err := r.client(80).Do(request)
			if err != nil {
				t.Fatal(err)
			}
			checkGzip(t, response, c.want, c.body)
		})
	}
}

func checkGzip(t *testing.T, response *http.Response, want bool, content string) {
	t.Helper()
	defer response.Body.Close()
	header := response.Header
	if got := header.Get("Content-Encoding") == "gzip"; got != want {
		t.Fatalf("compressed = %v, header %v", got, header)
	}
	if weak := strings.HasPrefix(header.Get("ETag"), "W/"); weak != want || (header.Get("Vary") != "") != want {
		t.Errorf("header = %v", header)
	}
	reader := io.Reader(response.Body)
	if want {
		var err error
		if reader, err = gzip.NewReader(response.Body); err != nil {
			t.Fatal(err)
		}
	}
	if got, err := io.ReadAll(reader); err != nil || string(got) != content {
		t.Errorf("%d bytes, %v", len(got), err)
	}
}
