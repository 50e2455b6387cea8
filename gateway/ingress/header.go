package ingress

import (
	"fmt"
	"maps"
	"net/textproto"
	"slices"

	"golang.org/x/net/http/httpguts"
	"knative.dev/networking/pkg/apis/networking/v1alpha1"
)

// framing are headers of the connection between two hops: they say where a
// message ends, so nobody but the sender may set them. Host is part of it; a
// path has rewriteHost for that.
var framing = []string{
	"Connection", "Content-Length", "Host", "Keep-Alive", "Proxy-Connection",
	"Te", "Trailer", "Transfer-Encoding", "Upgrade",
}

// appendHeaders in canonical form.
func (r *reader) appendHeaders(in map[string]string, field string) map[string]string {
	return r.headers(in, field, func(name string) string {
		if slices.Contains(framing, name) {
			return "belongs to the connection; leave it out"
		}
		return ""
	})
}

func (r *reader) matchHeaders(in map[string]v1alpha1.HeaderMatch, field string) map[string]string {
	values := make(map[string]string, len(in))
	for name, match := range in {
		values[name] = match.Exact
	}
	return r.headers(values, field, func(string) string { return "" })
}

// headers checks names and values. Spellings of one name must agree, as a map
// has no order that could decide.
func (r *reader) headers(in map[string]string, field string, check func(string) string) map[string]string {
	if len(in) == 0 {
		return nil
	}
	out := make(map[string]string, len(in))
	for _, given := range slices.Sorted(maps.Keys(in)) {
		name, value := textproto.CanonicalMIMEHeaderKey(given), in[given]
		if why := checkHeader(name, value, out); why != "" {
			r.problem(ReasonInvalidPath, fmt.Sprintf("%s[%s]", field, given), "%s", why)
		} else if why := check(name); why != "" {
			r.problem(ReasonInvalidPath, fmt.Sprintf("%s[%s]", field, given), "%s", why)
		}
		out[name] = value
	}
	return out
}

func checkHeader(name, value string, others map[string]string) string {
	other, twice := others[name]
	switch {
	case !httpguts.ValidHeaderFieldName(name):
		return "is not a header's name"
	case !httpguts.ValidHeaderFieldValue(value):
		return "has a value with characters that a header cannot have"
	case twice && other != value:
		return "is given in two spellings with different values; keep one"
	}
	return ""
}
