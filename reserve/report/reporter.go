package report

import (
	"context"
	"maps"
	"net/http"
	"slices"
	"sync"
	"time"

	"github.com/sirupsen/logrus"
	"k8s.io/apimachinery/pkg/types"
	"k8s.io/utils/clock"
	asmetrics "knative.dev/serving/pkg/autoscaler/metrics"
)

// Config is what a Reporter works with. All members are required.
type Config struct {
	// Addresses are host:port of the autoscaler's WebSocket.
	Addresses func(context.Context) ([]string, error)
	// Changed is called, from any goroutine, when something that the reserve of a
	// revision depends on has changed.
	Changed func(revision types.NamespacedName)
	Clock   clock.WithTicker
	Log     logrus.FieldLogger
}

// Target is what to report for a revision.
type Target struct {
	// Pods are the pods to follow: address by name.
	Pods map[string]string
	// Quiet leaves out statistics without load, as of a revision that is idle.
	Quiet bool
}

// Reporter follows pods and reports their load. Its methods may be called from any
// goroutine.
type Reporter struct {
	Config
	client *http.Client
	link   *link
	url    func(ip string) string

	mu      sync.Mutex
	ctx     context.Context // of Start; nil before
	targets map[types.NamespacedName]*target
}

type target struct {
	Target
	followed map[string]*follower // by pod
}

// follower is one pod that is read.
type follower struct {
	ip   string
	stop context.CancelFunc
	view View // guarded by the Reporter's lock
}

// New builds a Reporter; Start runs it.
func New(c Config) *Reporter {
	r := &Reporter{Config: c, client: newClient(), url: statURL, targets: map[types.NamespacedName]*target{}}
	r.link = newLink(c, r.linkChanged)
	return r
}

// Start connects to the autoscaler and reads pods until ctx ends.
func (r *Reporter) Start(ctx context.Context) error {
	r.mu.Lock()
	r.ctx = ctx
	for key, t := range r.targets {
		r.follow(key, t)
	}
	r.mu.Unlock()
	r.link.run(ctx)
	return nil
}

// Set says what to report for a revision from now on. Nothing to follow forgets the
// revision.
func (r *Reporter) Set(revision types.NamespacedName, wanted Target) {
	r.mu.Lock()
	defer r.mu.Unlock()
	t := r.targets[revision]
	if t == nil {
		t = &target{followed: map[string]*follower{}}
		r.targets[revision] = t
	}
	t.Target = wanted
	for name, f := range t.followed {
		if wanted.Pods[name] != f.ip {
			f.end()
			delete(t.followed, name)
		}
	}
	if len(wanted.Pods) == 0 {
		delete(r.targets, revision)
		return
	}
	r.follow(revision, t)
}

// follow starts what a target lacks; nothing before Start.
func (r *Reporter) follow(revision types.NamespacedName, t *target) {
	for name, ip := range t.Pods {
		if t.followed[name] == nil {
			t.followed[name] = &follower{ip: ip}
		}
		if f := t.followed[name]; r.ctx != nil && f.stop == nil {
			var ctx context.Context
			ctx, f.stop = context.WithCancel(r.ctx)
			go r.read(ctx, revision, f)
		}
	}
}

func (f *follower) end() {
	if f.stop != nil {
		f.stop()
	}
}

// View is what has been seen of a pod; nothing of one that is not followed.
func (r *Reporter) View(revision types.NamespacedName, pod string) View {
	r.mu.Lock()
	defer r.mu.Unlock()
	if t := r.targets[revision]; t != nil && t.followed[pod] != nil {
		return t.followed[pod].view
	}
	return View{}
}

// Unreported is for how long the autoscaler could not be told of anything; 0 if it
// can.
func (r *Reporter) Unreported() time.Duration { return r.link.unreachable() }

func (r *Reporter) linkChanged() {
	r.mu.Lock()
	keys := slices.Collect(maps.Keys(r.targets))
	r.mu.Unlock()
	for _, key := range keys {
		r.Changed(key)
	}
}

// message is one statistic for the autoscaler.
func message(revision types.NamespacedName, stat asmetrics.Stat) asmetrics.WireStatMessages {
	return asmetrics.ToWireStatMessages([]asmetrics.StatMessage{{Key: revision, Stat: stat}})
}
