package provider_test

import (
	"context"
	"errors"
	"testing"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/client-go/informers"
	"k8s.io/client-go/kubernetes/fake"

	"github.com/ebb-node/ebb/mockcloud"
	"github.com/ebb-node/ebb/provider"
	"github.com/ebb-node/ebb/provider/translate"
)

func TestTheProfileCountsInThePlan(t *testing.T) {
	w := newWorld(t, mockcloud.Config{})
	planner := w.planner(informers.NewSharedInformerFactory(fake.NewClientset(), 0)).(*provider.PodPlanner)
	pod := w.pod("latte", func(p *corev1.Pod) {
		p.Labels = map[string]string{"tier": "cheap"}
		p.Spec.EnableServiceLinks = new(bool)
		p.Spec.AutomountServiceAccountToken = new(bool)
	})
	planner.Profile = func(context.Context) (translate.Profile, error) {
		return translate.Profile{SecurityGroupID: "sg-profile", Selectors: []translate.Selector{{
			Name: "cheap", Pod: map[string]string{"tier": "cheap"},
			Annotations: map[string]string{"k8s.aliyun.com/eci-use-specs": "4-8Gi", "k8s.aliyun.com/eci-fail-strategy": "fail-fast"},
		}}}, nil
	}
	plan, notes, err := planner.Plan(context.Background(), pod, nil)
	if err != nil {
		t.Fatal(err, notes)
	}
	if got := plan.Attempts[0]; got.SecurityGroupID != "sg-profile" || got.CPU != 4 || plan.FailStrategy != translate.FailFast {
		t.Errorf("security group %q, %v vCPU, %s", got.SecurityGroupID, got.CPU, plan.FailStrategy)
	}
	if len(pod.Annotations) != 0 {
		t.Errorf("the pod was changed: %v", pod.Annotations)
	}
	planner.Profile = func(context.Context) (translate.Profile, error) { return translate.Profile{}, errors.New("malformed") }
	if _, notes, err := planner.Plan(context.Background(), pod, nil); err == nil || len(notes) != 1 || notes[0].Reason != provider.ReasonProfile {
		t.Errorf("an unreadable profile: %v, %v", notes, err)
	}
}
