package balancer

import (
	"fmt"
	"net/http"
	"net/url"
	"strconv"
)

// answer writes a page of the load balancer's own.
func answer(w http.ResponseWriter, code int, last bool) {
	title := fmt.Sprintf("%d %s", code, http.StatusText(code))
	page := fmt.Sprintf("<!DOCTYPE html>\n<html><head><title>%[1]s</title></head><body><h1>%[1]s</h1><hr>%[2]s</body></html>\n", title, serverName)
	header := w.Header()
	header.Set("Server", serverName)
	header.Set("Content-Type", "text/html")
	header.Set("Content-Length", strconv.Itoa(len(page)))
	if last {
		header.Set("Connection", "close")
	}
	w.WriteHeader(code)
	_, _ = w.Write([]byte(page)) // the client may be gone
}

// redirect sends a client to the same URL by HTTPS.
func redirect(w http.ResponseWriter, r *http.Request, to Redirect, last bool) {
	target := url.URL{Scheme: "https", Host: canonicalHost(r.Host), Path: r.URL.Path, RawPath: r.URL.RawPath, RawQuery: r.URL.RawQuery}
	if to.Port != 443 {
		target.Host += ":" + strconv.Itoa(to.Port)
	}
	w.Header().Set("Location", target.String())
	answer(w, to.Code, last)
}
