package report

import (
	"testing"
	"time"

	asmetrics "knative.dev/serving/pkg/autoscaler/metrics"
)

func TestLoadIsReportedOnce(t *testing.T) {
	t.Parallel()
	a := newAutoscaler(t, free(t))
	r, q := newRig(t, a.address), newQueueProxy(t)
	r.connected()
	r.Set(coffee, Target{Pods: map[string]string{"a": q.URL}, Quiet: true})
	q.make(func(s *asmetrics.Stat) {
		s.AverageConcurrentRequests, s.AverageProxiedConcurrentRequests, s.RequestCount, s.ProxiedRequestCount = 7, 2, 30, 10
	})
	got := next(t, a)
	if got.Key != coffee || got.Stat.AverageConcurrentRequests != 5 || got.Stat.RequestCount != 20 || got.Stat.PodName != "reserve" {
		t.Errorf("got %+v; want what came past the activator: 5 in flight, 20 a second", got)
	}
	q.mu.Lock()
	read := q.reads
	q.mu.Unlock()
	eventually(t, "ten more reads", func() bool { q.mu.Lock(); defer q.mu.Unlock(); return q.reads >= read+10 })
	if len(a.got) > 0 {
		t.Errorf("the same statistic was reported again: %+v", <-a.got)
	}
}

func TestIdleRevisionIsQuiet(t *testing.T) {
	t.Parallel()
	a := newAutoscaler(t, free(t))
	r, q := newRig(t, a.address), newQueueProxy(t)
	r.connected()
	r.Set(coffee, Target{Pods: map[string]string{"a": q.URL}, Quiet: true})
	for _, change := range []func(*asmetrics.Stat){
		func(*asmetrics.Stat) {},
		func(s *asmetrics.Stat) { s.AverageConcurrentRequests, s.AverageProxiedConcurrentRequests = 1, 1 },
		func(s *asmetrics.Stat) { s.AverageConcurrentRequests = 2 },
	} {
		q.make(change)
		seen := r.View(coffee, "a")
		eventually(t, "a look", func() bool { return r.View(coffee, "a") != seen })
	}
	if got := next(t, a); got.Stat.AverageConcurrentRequests != 1 {
		t.Errorf("got %+v; want the one of three that has load of its own", got)
	}
}

func TestNoLoadIsReportedWhileAwake(t *testing.T) {
	t.Parallel()
	a := newAutoscaler(t, free(t))
	r, q := newRig(t, a.address), newQueueProxy(t)
	r.connected()
	q.make(func(*asmetrics.Stat) {})
	r.Set(coffee, Target{Pods: map[string]string{"a": q.URL}})
	if got := next(t, a); got.Stat.AverageConcurrentRequests != 0 {
		t.Errorf("got %+v; want no load, so that an average falls", got)
	}
}

func TestAPodThatDoesNotAnswer(t *testing.T) {
	t.Parallel()
	r, q := newRig(t, free(t)), newQueueProxy(t)
	q.refuse(true)
	r.Set(coffee, Target{Pods: map[string]string{"a": q.URL}})
	for _, answers := range []bool{false, true, false} {
		q.refuse(!answers)
		if got := <-r.changed; got != coffee {
			t.Errorf("%v changed, want %v", got, coffee)
		}
		if v := r.View(coffee, "a"); v.UnreadSince.IsZero() != answers {
			t.Errorf("unread since %v; it answers: %t", v.UnreadSince, answers)
		}
	}
}

func TestNothingToFollowIsForgotten(t *testing.T) {
	t.Parallel()
	r := newRig(t, free(t))
	r.Set(coffee, Target{Pods: map[string]string{"a": newQueueProxy(t).URL}})
	r.Set(coffee, Target{})
	if len(r.targets) != 0 {
		t.Error("a revision without anything to report is kept")
	}
}

func TestAnotherAutoscalerTakesOver(t *testing.T) {
	t.Parallel()
	first, second := newAutoscaler(t, free(t)), free(t)
	r := newRig(t, first.address, second)
	r.connected()
	q := newQueueProxy(t)
	r.Set(coffee, Target{Pods: map[string]string{"a": q.URL}, Quiet: true})
	first.stop()
	eventually(t, "the loss", func() bool { return r.Unreported() > 0 })
	if got := <-r.changed; got != coffee {
		t.Errorf("%v changed, want %v", got, coffee)
	}
	other := newAutoscaler(t, second)
	r.connected()
	q.make(func(s *asmetrics.Stat) { s.AverageConcurrentRequests = 1 })
	if got := next(t, other); got.Key != coffee {
		t.Errorf("got %+v", got)
	}
}

func TestNobodyThere(t *testing.T) {
	t.Parallel()
	r := newRig(t, free(t))
	eventually(t, "a second without a connection", func() bool { return r.Unreported() >= time.Second })
	for range 2 * backlog {
		if err := r.link.send(message(coffee, asmetrics.Stat{})); err != nil {
			t.Fatal(err) // it neither fails nor waits
		}
	}
}

func TestViewFollowsThePod(t *testing.T) {
	t.Parallel()
	a := newAutoscaler(t, free(t))
	r, q := newRig(t, a.address), newQueueProxy(t)
	r.Set(coffee, Target{Pods: map[string]string{"a": q.URL}, Quiet: true})
	q.make(func(s *asmetrics.Stat) { s.RequestCount = 1 })
	eventually(t, "a request", func() bool { return r.View(coffee, "a").Busy(time.Now()) })
	if got := <-r.changed; got != coffee {
		t.Errorf("%v changed, want %v", got, coffee)
	}
	since := time.Now()
	for range idleReads + 1 {
		seen := r.View(coffee, "a")
		q.make(func(s *asmetrics.Stat) { s.RequestCount = 0 })
		eventually(t, "a look", func() bool { return r.View(coffee, "a") != seen })
	}
	if v := r.View(coffee, "a"); !v.IdleSince(since.Add(-2*time.Second)) || v.IdleSince(time.Now().Add(time.Minute)) {
		t.Errorf("view %+v; want idle since the last request, and not since what is to come", v)
	}
	r.Set(coffee, Target{Pods: map[string]string{"b": q.URL}})
	if v := r.View(coffee, "a"); v != (View{}) {
		t.Errorf("a pod that is not followed has the view %+v", v)
	}
}
