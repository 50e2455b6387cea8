package main

import (
	"context"
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
		jobs := &knativeJobs{discovery: api, access: access(&allowed), log: logrus.New(), start: func() error { started = true; return nil }}
		ctx, cancel := context.WithCancel(t.Context())
		done := make(chan error, 1)
		go func() { done <- jobs.Start(ctx) }()

		time.Sleep(10 * time.Minute)
		synctest.Wait()
		if started {
			t.Fatal("started without Knative")
		}
		var resources []*metav1.APIResourceList
		for group, kinds := range knativeAPIs {
			list := &metav1.APIResourceList{GroupVersion: group}
			for _, kind := range kinds {
				list.APIResources = append(list.APIResources, metav1.APIResource{Kind: kind})
			}
			resources = append(resources, list)
		}
		api.now.Store(&fake.FakeDiscovery{Fake: &clienttesting.Fake{Resources: resources}})
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
