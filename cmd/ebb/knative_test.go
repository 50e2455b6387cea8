package main

import (
	"context"
	"testing"
	"testing/synctest"
	"time"

	"github.com/sirupsen/logrus"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/client-go/discovery/fake"
	clienttesting "k8s.io/client-go/testing"
)

func TestJobsStartWhenKnativeIsInstalledLater(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		api := &fake.FakeDiscovery{Fake: &clienttesting.Fake{}}
		started := false
		jobs := &knativeJobs{discovery: api, log: logrus.New(), start: func() error { started = true; return nil }}
		ctx, cancel := context.WithCancel(t.Context())
		done := make(chan error, 1)
		go func() { done <- jobs.Start(ctx) }()

		time.Sleep(10 * time.Minute)
		synctest.Wait()
		if started {
			t.Fatal("started without Knative")
		}
		for group, kinds := range knativeAPIs {
			list := &metav1.APIResourceList{GroupVersion: group}
			for _, kind := range kinds {
				list.APIResources = append(list.APIResources, metav1.APIResource{Kind: kind})
			}
			api.Resources = append(api.Resources, list)
		}
		time.Sleep(time.Minute)
		synctest.Wait()
		if !started {
			t.Fatal("not started a minute after Knative was installed")
		}
		cancel()
		if err := <-done; err != nil {
			t.Fatal(err)
		}
	})
}

func TestAnIncompleteKnativeIsNamed(t *testing.T) {
	api := &fake.FakeDiscovery{Fake: &clienttesting.Fake{Resources: []*metav1.APIResourceList{
		{GroupVersion: "networking.internal.knative.dev/v1alpha1", APIResources: []metav1.APIResource{{Kind: "Ingress"}}},
		{GroupVersion: "autoscaling.internal.knative.dev/v1alpha1", APIResources: []metav1.APIResource{{Kind: "PodAutoscaler"}}},
		{GroupVersion: "serving.knative.dev/v1", APIResources: []metav1.APIResource{{Kind: "Revision"}, {Kind: "Route"}, {Kind: "Service"}}},
	}}}
	missing, err := (&knativeJobs{discovery: api}).missing()
	if err != nil || missing != "networking.internal.knative.dev/v1alpha1 ServerlessService" {
		t.Errorf("got %q, %v", missing, err)
	}
}
