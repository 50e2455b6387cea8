package main

import (
	"context"
	"errors"
	"net/http"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/sirupsen/logrus"
	authorizationv1 "k8s.io/api/authorization/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/client-go/discovery"
	"k8s.io/client-go/discovery/fake"
	kubefake "k8s.io/client-go/kubernetes/fake"
	authorizationv1client "k8s.io/client-go/kubernetes/typed/authorization/v1"
	clienttesting "k8s.io/client-go/testing"
)

func TestJobsStartWhenKnativeIsInstalledLater(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		api := &installed{}
		api.now.Store(&fake.FakeDiscovery{Fake: &clienttesting.Fake{}})
		started := false
		allowed := atomic.Bool{}
		ready := newReadiness()
		opened := errors.New("entries are not open yet")
		jobs := newKnativeJobs(&knativeJobs{discovery: api, access: access(&allowed), ready: ready, log: logrus.New(), start: func() error {
			started = true
			ready.ask(func(*http.Request) error { return opened })
			return nil
		}})
		if ready.check(nil) == nil {
			t.Error("ready before Knative was looked for")
		}
		ctx, cancel := context.WithCancel(t.Context())
		done := make(chan error, 1)
		go func() { done <- jobs.Start(ctx) }()

		time.Sleep(10 * time.Minute)
		synctest.Wait()
		if started {
			t.Fatal("started without Knative")
		}
		if err := ready.check(nil); err != nil {
			t.Errorf("a node without Knative is not ready: %v", err)
		}
		api.now.Store(withKnative())
		time.Sleep(time.Minute)
		synctest.Wait()
		if started {
			t.Fatal("started without rights")
		}
		allowed.Store(true)
		time.Sleep(time.Minute)
		synctest.Wait()
		if !started {
			t.Fatal("not started a minute after Knative was there and the rights were given")
		}
		if err := ready.check(nil); err != opened {
			t.Errorf("readiness %v, want the relay's word", err)
		}
		cancel()
		if err := <-done; err != nil {
			t.Fatal(err)
		}
	})
}

// installed is an API server in which kinds are installed while it runs.
type installed struct {
	discovery.ServerResourcesInterface
	now atomic.Pointer[fake.FakeDiscovery]
}

func (i *installed) ServerResourcesForGroupVersion(group string) (*metav1.APIResourceList, error) {
	return i.now.Load().ServerResourcesForGroupVersion(group)
}

// withKnative is an API server that serves all of Knative's kinds.
func withKnative() *fake.FakeDiscovery {
	api := &fake.FakeDiscovery{Fake: &clienttesting.Fake{}}
	for group, kinds := range knativeAPIs {
		list := &metav1.APIResourceList{GroupVersion: group}
		for _, kind := range kinds {
			list.APIResources = append(list.APIResources, metav1.APIResource{Kind: kind})
		}
		api.Resources = append(api.Resources, list)
	}
	return api
}

// access is an API server's answer about ebb's rights.
func access(allowed *atomic.Bool) authorizationv1client.SelfSubjectAccessReviewInterface {
	client := kubefake.NewClientset()
	client.PrependReactor("create", "selfsubjectaccessreviews", func(clienttesting.Action) (bool, runtime.Object, error) {
		return true, &authorizationv1.SelfSubjectAccessReview{Status: authorizationv1.SubjectAccessReviewStatus{Allowed: allowed.Load()}}, nil
	})
	return client.AuthorizationV1().SelfSubjectAccessReviews()
}

func TestAnIncompleteKnativeIsNamed(t *testing.T) {
	api := &fake.FakeDiscovery{Fake: &clienttesting.Fake{Resources: []*metav1.APIResourceList{
		{GroupVersion: "networking.internal.knative.dev/v1alpha1", APIResources: []metav1.APIResource{{Kind: "Ingress"}}},
		{GroupVersion: "autoscaling.internal.knative.dev/v1alpha1", APIResources: []metav1.APIResource{{Kind: "PodAutoscaler"}}},
		{GroupVersion: "serving.knative.dev/v1", APIResources: []metav1.APIResource{{Kind: "Revision"}, {Kind: "Service"}}},
	}}}
	missing, err := (&knativeJobs{discovery: api}).missing(t.Context())
	if err != nil || missing != "serving.knative.dev/v1 Route" {
		t.Errorf("got %q, %v", missing, err)
	}
}

func TestAGatewayThatCannotStartIsNotReady(t *testing.T) {
	var allowed atomic.Bool
	allowed.Store(true)
	ready, failed := newReadiness(), make(chan struct{})
	jobs := newKnativeJobs(&knativeJobs{discovery: withKnative(), access: access(&allowed), ready: ready, log: logrus.New(), start: func() error {
		close(failed)
		return errors.New("no such VPC")
	}})
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() { done <- jobs.Start(ctx) }()
	<-failed
	cancel()
	if err := <-done; err != nil {
		t.Fatal(err)
	}
	if ready.check(nil) == nil {
		t.Error("ready without a relay")
	}
}
