package relay

import (
	"net/http"
	"net/http/httputil"
)

// rewrite makes the request for the backend. Its address is set later, by the
// exchange.
func rewrite(pr *httputil.ProxyRequest, e Entry, p plan) {
	pr.Out.URL.Scheme = "http"
	// The proxy drops queries that it cannot parse. That is the application's
	// to decide: what the load balancer sends to it directly has them too.
	pr.Out.URL.RawQuery = pr.In.URL.RawQuery
	pr.Out.URL.ForceQuery = pr.In.URL.ForceQuery
	if p.host != "" {
		pr.Out.Host = p.host
	}
	// The load balancer has written the client's address; ours is appended.
	pr.Out.Header["X-Forwarded-For"] = pr.In.Header["X-Forwarded-For"]
	pr.SetXForwarded()
	pr.Out.Header.Set("X-Forwarded-Proto", e.scheme(pr.In.Header.Get("X-Forwarded-Proto")))
	for _, headers := range p.set {
		for _, h := range headers {
			pr.Out.Header[h.name] = []string{h.value}
		}
	}
}

// redirect answers with the same URL under https. Status 301, as Knative
// expects, lets clients turn a POST into a GET; 308 does not.
func redirect(w http.ResponseWriter, r *http.Request) {
	status := http.StatusMovedPermanently
	if r.Method != http.MethodGet && r.Method != http.MethodHead {
		status = http.StatusPermanentRedirect
	}
	url := "https://" + hostName(r.Host) + r.URL.RequestURI()
	if r.URL.IsAbs() { // a request line with a whole URL
		url = "https://" + hostName(r.Host) + r.URL.EscapedPath()
		if r.URL.RawQuery != "" {
			url += "?" + r.URL.RawQuery
		}
	}
	w.Header().Set("Location", url)
	w.WriteHeader(status)
}
