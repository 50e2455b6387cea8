package reserve_test

import (
	"cmp"
	"context"
	"fmt"
	"io"
	"maps"
	"net/http"
	"strings"
	"testing"
	"time"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/ebb-node/ebb/region/internal/load"
	"github.com/ebb-node/ebb/region/internal/testregion"
)

// shortWindow is the shortest that Knative takes.
var shortWindow = map[string]string{"autoscaling.knative.dev/window": "6s", "autoscaling.knative.dev/target": "10"}

// tide is a Knative Service of one revision that comes and goes.
type tide struct {
	testregion.Service
	revision, uid string
}

// with is a copy of annotations with more of them.
func with(annotations map[string]string, more ...string) map[string]string {
	out := maps.Clone(annotations)
	if out == nil {
		out = map[string]string{}
	}
	for i := 0; i < len(more); i += 2 {
		out[more[i]] = more[i+1]
	}
	return out
}

// serve brings a Service to the cluster. Its test's end deletes it.
func serve(t *testing.T, name string, annotations map[string]string) *tide {
	t.Helper()
	s := testregion.Service{Name: name, Target: name, Revision: name + "-first", Template: annotations}
	region.Serve(t, s)
	return look(t, s)
}

// look finds the revision of a Service that serves.
func look(t *testing.T, s testregion.Service) *tide {
	t.Helper()
	uid := region.Kubectl(t, "get", "revision", s.Revision, "-o", "jsonpath={.metadata.uid}")
	tide := &tide{Service: s, revision: s.Revision, uid: uid}
	t.Cleanup(func() {
		if t.Failed() {
			t.Logf("%s, what was seen:\n%s", s.Revision, strings.Join(story(s.Revision, time.Time{}), "\n"))
		}
	})
	return tide
}

// standard and reserve are the names of the revision's Deployments.
func (s *tide) standard() string { return s.revision + "-deployment" }
func (s *tide) reserve() string  { return s.revision + "-deployment-reserve" }

func (s *tide) state() string { return seen.now(s.reserve() + "/state") }

// pods are the reserve's that are not on their way out.
func (s *tide) pods() []string { return strings.Fields(seen.now(reserveOf + s.revision)) }

// idle waits until the reserve stands alone.
func (s *tide) idle(t *testing.T, atMost time.Duration) {
	t.Helper()
	s.await(t, atMost, "Reserved", s.alone)
}

// followed is when load balancers have surely followed a change of endpoints; until
// then requests may go to pods that are about to end. They are answered, and nobody
// counts them any more.
const followed = 2 * time.Second

// calm waits until the reserve stands alone for load balancers, too.
func (s *tide) calm(t *testing.T, atMost time.Duration) {
	t.Helper()
	s.idle(t, atMost)
	linger(t, followed)
}

// alone is an error unless the reserve is all that there is, as many pods as are to
// stand ready and no more, and Knative calls the revision ready and not active.
func (s *tide) alone() error {
	standard, ready := seen.now(s.standard()+"/replicas"), seen.now(s.reserve()+"/ready")
	if s.state() != "Reserved" || standard != "0" || ready != s.standing() {
		return fmt.Errorf("state %s, %s standard pods wanted, %s reserve pods ready of %s", s.state(), standard, ready, s.standing())
	}
	if ready, active := seen.now(s.revision+"/ready"), seen.now(s.revision+"/active"); ready != "True" || active != "False" {
		return fmt.Errorf("the revision's conditions: Ready is %q, Active is %q", ready, active)
	}
	return nil
}

// standing is how many reserve pods are to stand ready.
func (s *tide) standing() string {
	return cmp.Or(s.Template["knative.aliyun.com/reserve-instance-replicas"], "1")
}

// back waits until standard pods serve and the reserve has left.
func (s *tide) back(t *testing.T, atMost time.Duration) {
	t.Helper()
	s.await(t, atMost, "Active", func() error {
		ready := seen.now(s.standard() + "/ready")
		if s.state() != "Active" || ready == "0" || seen.now(s.reserve()+"/replicas") != "0" {
			return fmt.Errorf("state %s, %s standard pods ready, reserve pods %v", s.state(), ready, s.pods())
		}
		return nil
	})
}

// over waits until the reserve was detached, after a moment.
func (s *tide) over(t *testing.T, atMost time.Duration, from time.Time) {
	t.Helper()
	s.await(t, atMost, "handed over", func() error {
		for _, m := range seen.since(reserveOf+s.revision, from) {
			if m.value == "" {
				return nil
			}
		}
		return fmt.Errorf("reserve pods are %v", s.pods())
	})
}

// in waits for a state.
func (s *tide) in(t *testing.T, atMost time.Duration, state string) {
	t.Helper()
	s.await(t, atMost, state, func() error {
		if now := s.state(); now != state {
			return fmt.Errorf("state %s, want %s", now, state)
		}
		return nil
	})
}

func (s *tide) await(t *testing.T, atMost time.Duration, what string, ask func() error) {
	t.Helper()
	testregion.Eventually(t, atMost, func(context.Context) error {
		if err := ask(); err != nil {
			return fmt.Errorf("%s is not %s: %w", s.revision, what, err)
		}
		return nil
	})
}

// told waits for an event on the revision.
func (s *tide) told(t *testing.T, atMost time.Duration, reason string) {
	t.Helper()
	s.await(t, atMost, "told "+reason, func() error {
		if seen.told(s.revision, reason) == 0 {
			return fmt.Errorf("no such event")
		}
		return nil
	})
}

// at is a path of the Service.
func (s *tide) at(t *testing.T, path string) load.Target {
	t.Helper()
	return region.At(t, s.Host(), path)
}

// ask sends one request through the load balancer, on a connection of its own, and
// fails the test unless it is answered.
func (s *tide) ask(t *testing.T, path string) (at time.Time, took time.Duration) {
	t.Helper()
	target := s.at(t, path)
	request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, target.URL, nil)
	if err != nil {
		t.Fatal(err)
	}
	request.Host = target.Host
	client := region.HTTP()
	defer client.CloseIdleConnections()
	at = time.Now()
	response, err := client.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	took = time.Since(at)
	if err != nil || strings.TrimSpace(string(body)) != "Hello "+s.Target+"!" {
		t.Errorf("%s%s: %s %q %v", s.Name, path, response.Status, body, err)
	}
	return at, took
}

// steadily starts customers who keep asking.
func (s *tide) steadily(t *testing.T, path string, perSecond int) *load.Run {
	t.Helper()
	return load.Start(t.Context(), region.HTTP(), s.at(t, path), load.Shape{PerSecond: perSecond})
}

// scaled is how long after a moment standard pods were wanted.
func (s *tide) scaled(t *testing.T, from time.Time) time.Duration {
	t.Helper()
	return s.scaledBy(t, from, 30*time.Second)
}

func (s *tide) scaledBy(t *testing.T, from time.Time, atMost time.Duration) time.Duration {
	t.Helper()
	took := time.Duration(-1)
	s.await(t, atMost, "scaled", func() error {
		for _, m := range seen.since(s.standard()+"/replicas", from) {
			if m.value != "0" {
				took = m.at.Sub(from)
				return nil
			}
		}
		return fmt.Errorf("standard pods are not wanted")
	})
	return took
}

// neverEmpty fails the test if there ever was nobody to answer.
func (s *tide) neverEmpty(t *testing.T) {
	t.Helper()
	for _, fact := range []string{s.revision + "-private/endpoints", podsOf + s.uid} {
		if seen.now(fact) == "" {
			t.Errorf("%s: nothing was seen of %s, or it is empty now", s.revision, fact)
		}
		if gap := seen.empty(fact); gap > 0 {
			t.Errorf("%s: %s were none for %v", s.revision, fact, gap)
		}
	}
}

// logs is what the application in a pod has said.
func logs(t *testing.T, pod string) string {
	t.Helper()
	return region.Kubectl(t, "logs", pod, "-c", "user-container")
}

// podNames are those with some labels.
func podNames(t *testing.T, selector string) []string {
	t.Helper()
	list, err := region.Kube.CoreV1().Pods("default").List(t.Context(), metav1.ListOptions{LabelSelector: selector})
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, pod := range list.Items {
		names = append(names, pod.Name)
	}
	return names
}

// linger lets what happens happen for a while.
func linger(t *testing.T, d time.Duration) {
	t.Helper()
	select {
	case <-t.Context().Done():
	case <-time.After(d):
	}
}
