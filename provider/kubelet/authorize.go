package kubelet

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"

	authorizationv1 "k8s.io/api/authorization/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// permission is a verb on a subresource of the node object.
type permission struct{ verb, subresource string }

// permissions maps a request to what the caller must be allowed, one of them,
// as a kubelet does
// (https://kubernetes.io/docs/reference/access-authn-authz/kubelet-authn-authz/).
// One thing is stricter: a command, an attachment or a forwarded port is a
// create, though it may be asked for by GET.
func permissions(r *http.Request) []permission {
	verb := verbOf(r.Method)
	first, _, _ := strings.Cut(strings.TrimPrefix(r.URL.Path, "/"), "/")
	proxy := permission{verb, "proxy"}
	switch first {
	case "stats":
		return []permission{{verb, "stats"}}
	case "metrics":
		return []permission{{verb, "metrics"}}
	case "logs":
		return []permission{{verb, "log"}}
	case "pods", "runningpods":
		return []permission{{verb, "pods"}, proxy}
	case "healthz":
		return []permission{{verb, "healthz"}, proxy}
	case "exec", "attach", "portForward":
		return []permission{{"create", "proxy"}}
	}
	return []permission{proxy}
}

func verbOf(method string) string {
	switch method {
	case http.MethodGet, http.MethodHead:
		return "get"
	case http.MethodPost:
		return "create"
	case http.MethodPut:
		return "update"
	case http.MethodPatch:
		return "patch"
	case http.MethodDelete:
		return "delete"
	}
	return strings.ToLower(method)
}

// authorize asks the API server whether the caller may do what it asks.
func (g *Gate) authorize(ctx context.Context, who *user, r *http.Request) (bool, error) {
	for _, p := range permissions(r) {
		allowed, err := remember(ctx, g.access, accessKey(who, p),
			func(ctx context.Context) (bool, time.Duration, error) { return g.ask(ctx, who, p) })
		if err != nil || allowed {
			return allowed, err
		}
	}
	return false, nil
}

// accessKey tells apart what may be answered differently.
func accessKey(who *user, p permission) string {
	groups := slices.Sorted(slices.Values(who.groups))
	return fmt.Sprintf("%q %q %q %q %q", who.name, who.uid, groups, who.extra, p)
}

func (g *Gate) ask(ctx context.Context, who *user, p permission) (bool, time.Duration, error) {
	review := &authorizationv1.SubjectAccessReview{Spec: authorizationv1.SubjectAccessReviewSpec{
		User: who.name, UID: who.uid, Groups: who.groups, Extra: map[string]authorizationv1.ExtraValue{},
		ResourceAttributes: &authorizationv1.ResourceAttributes{
			Verb: p.verb, Version: "v1", Resource: "nodes", Subresource: p.subresource, Name: g.nodeName,
		},
	}}
	for k, v := range who.extra {
		review.Spec.Extra[k] = v
	}
	answer, err := g.kube.AuthorizationV1().SubjectAccessReviews().Create(ctx, review, metav1.CreateOptions{})
	if err != nil {
		return false, 0, err
	}
	if answer.Status.Allowed {
		return true, allowTTL, nil
	}
	return false, denyTTL, nil
}
