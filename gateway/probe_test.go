package gateway

import (
	"fmt"
	"net/http"
	"sync"
	"sync/atomic"
	"testing"

	"knative.dev/networking/pkg/apis/networking/v1alpha1"
	knheader "knative.dev/networking/pkg/http/header"

	"github.com/ebb-node/ebb/gateway/ingress"
)

func answer404() *http.Response {
	return &http.Response{StatusCode: http.StatusNotFound, Body: http.NoBody}
}

func TestReadyWaitsForTheRelay(t *testing.T) {
	for _, mode := range []Mode{ModeDirect, ModeRelay} {
		t.Run(string(mode), func(t *testing.T) {
			s := newScene(t, func(s *scene) { s.config.Mode = mode })
			s.relays("10.240.9.1", "10.240.9.2")
			var late atomic.Bool // the second replica lags behind
			late.Store(true)
			var asked atomic.Value
			s.relay = func(r *http.Request) *http.Response {
				asked.Store(fmt.Sprint(r.Host, r.URL.Path, r.URL.Port(), r.Header.Get(knheader.ProbeKey), r.Header.Get(knheader.HashKey)))
				if late.Load() && r.URL.Hostname() == "10.240.9.2" {
					return answer404()
				}
				return &http.Response{StatusCode: http.StatusOK, Body: http.NoBody}
			}
			s.start()
			s.revision("a-1", 0, 0)
			s.apply(onlyOutside(knative("a", "a-1=100")))
			s.condition("a", v1alpha1.IngressConditionLoadBalancerReady, "Unknown "+ReasonProgramming)
			s.settled("internet")
			if s.get("a").IsReady() {
				t.Error("it is ready before the relay is")
			}
			late.Store(false)
			s.ready("a")
			if want := "a.default.example.com/9001" + "probe" + "override"; asked.Load() != want {
				t.Errorf("asked %v, want %s", asked.Load(), want)
			}
			// What was promised stays over a restart, whatever the relay says.
			late.Store(true)
			s.again()
			s.settled("internet")
			s.revision("b-1", 2, 3)
			s.apply(onlyOutside(knative("b", "b-1=100")))
			s.condition("b", v1alpha1.IngressConditionNetworkConfigured, "True")
			if !s.get("a").IsReady() {
				t.Error("it is no longer ready")
			}
			// Another generation is asked for anew.
			s.change("a", func(ing *v1alpha1.Ingress) {
				ing.Spec.Rules[0].HTTP.Paths[0].AppendHeaders = map[string]string{"X": "y"}
			})
			s.condition("a", v1alpha1.IngressConditionLoadBalancerReady, "Unknown "+ReasonProgramming)
			late.Store(false)
			s.ready("a", "b")
		})
	}
}

func TestAnswersOfTheRelay(t *testing.T) {
	for _, test := range []struct {
		status int
		hash   string
		good   bool
	}{
		{200, "mine", true}, {200, "", true}, {200, "another", false}, {404, "", false}, {503, "mine", false}, {302, "", true}, {500, "", true},
	} {
		r := &http.Response{StatusCode: test.status, Header: http.Header{}}
		if test.hash != "" {
			r.Header.Set(knheader.HashKey, test.hash)
		}
		if err := (question{hash: "mine"}).judge(r); (err == nil) != test.good {
			t.Errorf("%d with hash %q: %v", test.status, test.hash, err)
		}
	}
}

func TestQuestions(t *testing.T) {
	ing := knative("a", "a-1=100")
	ing.Spec.Rules[0].HTTP.Paths = append([]v1alpha1.HTTPIngressPath{
		{Path: "/.well-known/acme-challenge/x", Splits: backendsOf("a-1=100")},
		{Headers: map[string]v1alpha1.HeaderMatch{"X": {Exact: "y"}}, Splits: backendsOf("a-1=100")},
	}, ing.Spec.Rules[0].HTTP.Paths...)
	hosts, _ := ingress.Hosts(ing)
	q, ok := questionAbout(hosts)
	if !ok || q.host != "a.default.example.com" || q.path != "/" || len(q.headers) != 0 || q.visibility != ingress.Internet || len(q.hash) != 64 {
		t.Errorf("%+v", q)
	}
	if _, ok := questionAbout(nil); ok {
		t.Error("a question about nothing")
	}
}

// The relay has another Ingress's answer for a host that was lost.
func TestTheRelayIsAskedAboutAHostThatTheIngressGot(t *testing.T) {
	s := newScene(t)
	var mu sync.Mutex
	asked := map[string]bool{}
	s.relay = func(r *http.Request) *http.Response {
		mu.Lock()
		defer mu.Unlock()
		asked[r.Host] = true
		return &http.Response{StatusCode: http.StatusOK, Body: http.NoBody}
	}
	s.start()
	s.revision("a-1", 0, 1)
	s.revision("b-1", 1, 1)
	s.apply(aged("owner", 0, "lost.com"))
	s.ready("owner")
	both := aged("both", 1, "lost.com", "own.com")
	both.Spec.Rules[0].HTTP.Paths[0].Splits = backendsOf("b-1=100")
	s.apply(both)
	s.condition("both", v1alpha1.IngressConditionLoadBalancerReady, "True")
	mu.Lock()
	defer mu.Unlock()
	if asked["lost.com"] || !asked["own.com"] {
		t.Errorf("the relay was asked about %v", asked)
	}
}
