package kubelet

import (
	"context"
	"net/http"
	"time"

	"github.com/sirupsen/logrus"
	utilcache "k8s.io/apimachinery/pkg/util/cache"
	"k8s.io/client-go/kubernetes"
	"k8s.io/utils/clock"
)

const (
	// A kubelet's defaults
	// (https://kubernetes.io/docs/reference/config-api/kubelet-config.v1beta1/).
	tokenTTL = 2 * time.Minute
	allowTTL = 5 * time.Minute
	denyTTL  = 30 * time.Second
	// cacheSize bounds what callers with ever new tokens can make ebb keep.
	cacheSize = 1024
)

// user is an authenticated caller.
type user struct {
	name   string
	uid    string
	groups []string
	extra  map[string][]string
}

// Gate lets callers through whom the API server knows and lets. It asks the
// API server (TokenReview, SubjectAccessReview) and remembers the answers for
// as long as a kubelet does.
type Gate struct {
	nodeName string
	kube     kubernetes.Interface
	log      logrus.FieldLogger
	tokens   *utilcache.LRUExpireCache
	access   *utilcache.LRUExpireCache
}

// NewGate builds a Gate for a node.
func NewGate(nodeName string, kube kubernetes.Interface, log logrus.FieldLogger, c clock.PassiveClock) *Gate {
	return &Gate{
		nodeName: nodeName, kube: kube, log: log,
		tokens: utilcache.NewLRUExpireCacheWithClock(cacheSize, c),
		access: utilcache.NewLRUExpireCacheWithClock(cacheSize, c),
	}
}

// guard lets requests through to next.
func (g *Gate) guard(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		who, err := g.authenticate(r)
		switch {
		case err != nil:
			g.refuse(w, r, http.StatusServiceUnavailable, "the API server cannot be asked who the caller is", err)
			return
		case who == nil:
			g.refuse(w, r, http.StatusUnauthorized, "a client certificate or a bearer token is needed", nil)
			return
		}
		allowed, err := g.authorize(r.Context(), who, r)
		switch {
		case err != nil:
			g.refuse(w, r, http.StatusServiceUnavailable, "the API server cannot be asked what the caller may do", err)
		case !allowed:
			g.refuse(w, r, http.StatusForbidden, who.name+" may not do this on node "+g.nodeName, nil)
		default:
			next.ServeHTTP(w, r)
		}
	})
}

// refuse answers a caller who is not let through.
func (g *Gate) refuse(w http.ResponseWriter, r *http.Request, status int, text string, err error) {
	l := g.log.WithField("path", r.URL.Path).WithField("status", status)
	if err != nil {
		l = l.WithError(err)
	}
	l.Debug("kubelet API: " + text)
	http.Error(w, text, status)
}

// remember keeps an answer of the API server.
func remember[T any](ctx context.Context, cache *utilcache.LRUExpireCache, key any,
	ask func(context.Context) (T, time.Duration, error),
) (T, error) {
	if v, ok := cache.Get(key); ok {
		return v.(T), nil
	}
	v, ttl, err := ask(ctx)
	if err == nil {
		cache.Add(key, v, ttl)
	}
	return v, err
}
