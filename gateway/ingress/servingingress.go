package ingress

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"knative.dev/networking/pkg/apis/networking"
	"knative.dev/networking/pkg/apis/networking/v1alpha1"
)

// ServingIngress is the annotation of a Knative Service that adds routes to it:
// <host>/<path>, several separated by commas. Requests for them are split like
// those for the Service's own host; the application sees the full path. Routes
// and Ingresses inherit the annotations of their Service.
// (https://help.aliyun.com/zh/ack/serverless-kubernetes/user-guide/add-a-custom-route)
const ServingIngress = "knative.aliyun.com/serving-ingress"

// servingIngress adds the annotation's routes: on the internet, or on the
// intranet when the Ingress has no host on the internet.
func (r *reader) servingIngress() {
	value, set := r.ing.Annotations[ServingIngress]
	if !set {
		return
	}
	main := mainRule(r.ing)
	if main < 0 || !r.rules[main].whole {
		r.badEntry(value, "there is no rule that could be routed to; see to spec.rules")
		return
	}
	for entry := range strings.SplitSeq(value, ",") {
		entry = strings.TrimSpace(entry)
		host, prefix, why := parseEntry(entry)
		if why != "" {
			r.badEntry(entry, why)
			continue
		}
		key := Key{host, visibilityOf(r.ing.Spec.Rules[main])}
		r.add(key, true, below(prefix, r.rules[main].paths))
	}
}

func (r *reader) badEntry(entry, why string) {
	r.problem(ReasonInvalidServingIngress, fmt.Sprintf("metadata.annotations[%s]", ServingIngress), "entry %q: %s", entry, why)
}

// parseEntry reads <host>/<path>; a host alone is for all paths.
func parseEntry(entry string) (host, prefix, why string) {
	host, path, _ := strings.Cut(entry, "/")
	host, prefix = strings.ToLower(host), "/"+path
	switch {
	case entry == "":
		why = "is empty; write <host>/<path>, or remove a comma"
	case strings.Contains(entry, "://"):
		why = "has a scheme; write <host>/<path>"
	case checkHost(host) != "":
		why = "its host " + checkHost(host)
	case checkPath(prefix) != "":
		why = "its path " + checkPath(prefix)
	}
	return host, prefix, why
}

// mainRule is the index of the rule for the Route's own host, not that of a
// tag: the one for the internet, else the one for the cluster; -1 when there
// is none.
func mainRule(ing *v1alpha1.Ingress) int {
	tagged := taggedHosts(ing)
	for _, v := range []Visibility{Internet, Intranet} {
		i := slices.IndexFunc(ing.Spec.Rules, func(rule v1alpha1.IngressRule) bool {
			return visibilityOf(rule) == v && !slices.ContainsFunc(rule.Hosts, func(h string) bool { return tagged[h] })
		})
		if i >= 0 {
			return i
		}
	}
	return -1
}

// taggedHosts are the hosts of traffic tags, which a Route lists in an
// annotation of its Ingress.
func taggedHosts(ing *v1alpha1.Ingress) map[string]bool {
	var byTag map[string][]string
	// What is not JSON is not a Route's: then no host is a tag's.
	_ = json.Unmarshal([]byte(ing.Annotations[networking.TagToHostAnnotationKey]), &byTag)
	tagged := map[string]bool{}
	for _, hosts := range byTag {
		for _, host := range hosts {
			tagged[host] = true
		}
	}
	return tagged
}

// below moves the paths for all requests, one for each header that they match,
// to a longer prefix. Longer paths, such as those of ACME challenges, belong
// to the host that they were made for.
func below(prefix string, paths []Path) []Path {
	var moved []Path
	for _, path := range paths {
		if path.Prefix == "/" {
			path.Prefix = prefix
			moved = append(moved, path)
		}
	}
	return moved
}
