package ingress

import (
	"cmp"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"

	"knative.dev/networking/pkg/apis/networking/v1alpha1"
)

// pathForm is what can stand in the path of a URL on the wire (RFC 3986
// section 3.3). Anything else could never match.
var pathForm = regexp.MustCompile(`^/([A-Za-z0-9/._~!$&'()*+,;=:@-]|%[0-9A-Fa-f]{2})*$`)

// checkPath says what is wrong with a path, or "".
func checkPath(path string) string {
	if !pathForm.MatchString(path) {
		return "must begin with / and have only characters of a URL's path; percent-encode others"
	}
	return ""
}

// paths of a rule, and whether all of them could be read.
func (r *reader) paths(rule v1alpha1.IngressRule, field string) ([]Path, bool) {
	if rule.HTTP == nil || len(rule.HTTP.Paths) == 0 {
		r.problem(ReasonInvalidPath, field+".http.paths", "is empty; give at least one path")
		return nil, false
	}
	before := len(r.problems)
	var paths []Path
	for i, p := range rule.HTTP.Paths {
		paths = append(paths, r.path(p, fmt.Sprintf("%s.http.paths[%d]", field, i)))
	}
	return paths, len(r.problems) == before
}

func (r *reader) path(p v1alpha1.HTTPIngressPath, field string) Path {
	path := Path{
		Prefix:        cmp.Or(p.Path, "/"),
		RewriteHost:   strings.ToLower(p.RewriteHost),
		Headers:       r.matchHeaders(p.Headers, field+".headers"),
		AppendHeaders: r.appendHeaders(p.AppendHeaders, field+".appendHeaders"),
		Splits:        r.splits(p.Splits, field+".splits"),
	}
	if why := checkPath(path.Prefix); why != "" {
		r.problem(ReasonInvalidPath, field+".path", "%q %s", path.Prefix, why)
	}
	if path.RewriteHost != "" {
		if why := checkHost(path.RewriteHost); why != "" || path.RewriteHost[0] == '*' {
			r.problem(ReasonInvalidPath, field+".rewriteHost", "%q %s", path.RewriteHost, cmp.Or(why, "is a wildcard; name one host"))
		}
	}
	return path
}

// sortPaths brings paths into the order in which they are matched. Paths that
// are equally specific keep the order of the spec, whose first match counts.
func sortPaths(paths []Path) {
	slices.SortStableFunc(paths, func(a, b Path) int {
		return cmp.Or(cmp.Compare(len(b.Prefix), len(a.Prefix)), cmp.Compare(len(b.Headers), len(a.Headers)))
	})
}

func matchesSame(paths []Path, path Path) bool {
	return slices.ContainsFunc(paths, func(p Path) bool {
		return p.Prefix == path.Prefix && maps.Equal(p.Headers, path.Headers)
	})
}
