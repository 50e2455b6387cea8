package provider_test

import (
	"context"
	"testing"
	"time"

	corev1 "k8s.io/api/core/v1"

	"github.com/ebb-node/ebb/eci"
	"github.com/ebb-node/ebb/mockcloud"
	"github.com/ebb-node/ebb/mockcloud/rpc"
	"github.com/ebb-node/ebb/provider"
)

func TestARestartTakesOverWhatRuns(t *testing.T) {
	w := newWorld(t, mockcloud.Config{})
	first := w.start(nodeOptions{})
	kept, deleted, removed := w.pod("kept", nil), w.pod("deleted", nil), w.pod("removed", nil)
	for _, pod := range []*corev1.Pod{kept, deleted, removed} {
		w.running(pod)
	}
	first.stop()

	w.delete(deleted, 30)
	w.remove(removed)
	second := w.start(nodeOptions{grace: time.Second})
	late := w.pod("late", nil)
	w.running(late)
	w.absent(deleted)
	second.settled(2) // kept and late; the removed pod's is an orphan
	if got := w.creates(); got != 4 {
		t.Errorf("%d creates, want 4: no second group for a pod", got)
	}
}

func TestAPodBoundWhileNoNodeRanGetsItsGroup(t *testing.T) {
	w := newWorld(t, mockcloud.Config{})
	bound := w.pod("bound", nil)
	w.start(nodeOptions{}).settled(1)
	w.running(bound)
}

// killed is a cloud whose process dies after the work was done and before the
// answer was seen.
type killed struct {
	*eci.Client
	done chan struct{}
}

func (k killed) Create(ctx context.Context, r *eci.CreateRequest) (*eci.CreateResponse, error) {
	if _, err := k.Client.Create(ctx, r); err != nil {
		return nil, err
	}
	close(k.done)
	<-ctx.Done()
	return nil, ctx.Err()
}

func TestAKillBetweenCreateAndRecordMakesNoSecondGroup(t *testing.T) {
	w := newWorld(t, mockcloud.Config{})
	done := make(chan struct{})
	first := w.build(nodeOptions{cloud: func(c *eci.Client) provider.Cloud { return killed{c, done} }})
	ctx, cancel := context.WithCancel(context.Background())
	first.factory.Start(ctx.Done())
	pod := w.pod("mocha", nil)
	finished := make(chan struct{})
	go func() { first.provider.Run(ctx); close(finished) }()
	if err := first.provider.CreatePod(ctx, pod); err != nil {
		t.Fatal(err)
	}
	first.factory.Core().V1().Pods().Lister()
	<-done
	cancel()
	<-finished

	second := w.start(nodeOptions{grace: time.Second})
	w.running(pod)
	second.settled(1)
	if got := w.creates(); got != 1 {
		t.Errorf("%d creates, want 1", got)
	}
}

func TestALostAnswerMakesNoSecondGroup(t *testing.T) {
	w := newWorld(t, mockcloud.Config{})
	w.fault(rpc.Fault{Action: "CreateContainerGroup", Times: 2, Drop: true})
	n := w.start(nodeOptions{})
	pod := w.pod("flat-white", nil)
	w.running(pod)
	n.settled(1)
}

func TestAPodDeletedWhileItsCreateIsLostLeavesNothing(t *testing.T) {
	w := newWorld(t, mockcloud.Config{})
	w.fault(rpc.Fault{Action: "CreateContainerGroup", Drop: true})
	n := w.start(nodeOptions{grace: time.Second})
	pod := w.pod("ristretto", nil)
	n.said("CloudError")
	w.delete(pod, 30)
	w.absent(pod)
	n.settled(0)
}

func TestAPodDeletedDuringItsCreateLeavesNothing(t *testing.T) {
	w := newWorld(t, mockcloud.Config{Latencies: mockcloud.Latencies{
		Calls: map[string]time.Duration{"CreateContainerGroup": 300 * time.Millisecond},
	}})
	n := w.start(nodeOptions{})
	pod := w.pod("lungo", nil)
	forced := w.pod("forced", nil)
	w.delete(pod, 30)
	w.remove(forced)
	w.absent(pod)
	n.settled(0)
}

func TestTheSameNameIsAnotherPod(t *testing.T) {
	w := newWorld(t, mockcloud.Config{})
	n := w.start(nodeOptions{})
	before := w.pod("db-0", nil)
	w.running(before)
	w.remove(before)
	after := w.pod("db-0", nil)
	w.running(after)
	n.settled(1)
	if uid := n.groups()[0].Tag(provider.TagUID); uid != string(after.UID) {
		t.Errorf("the group of %s is left, want that of %s", uid, after.UID)
	}
}

func TestOrphansGoAfterTheGraceAndNotBefore(t *testing.T) {
	w := newWorld(t, mockcloud.Config{})
	first := w.start(nodeOptions{})
	pod := w.pod("cortado", nil)
	w.running(pod)
	first.stop()
	w.remove(pod)

	patient := w.start(nodeOptions{grace: time.Hour})
	other := w.pod("other", nil)
	w.running(other) // the node works; the orphan is left alone
	patient.settled(2)
	patient.stop()

	w.start(nodeOptions{grace: time.Second}).settled(1)
}

func TestTwinsAreResolvedToOne(t *testing.T) {
	w := newWorld(t, mockcloud.Config{})
	n := w.start(nodeOptions{})
	pod := w.pod("doppio", nil)
	w.running(pod)
	twin := &eci.CreateRequest{
		Name: "twin", Containers: []eci.Container{{Name: "app", Image: "example.com/app:1"}},
		Tags: append(identity.Selector(), eci.KeyValue{Key: provider.TagUID, Value: string(pod.UID)}),
	}
	if _, err := n.client.Create(context.Background(), twin); err != nil {
		t.Fatal(err)
	}
	n.settled(1)
	if got, want := n.groups()[0].ID, w.now(pod).Annotations["k8s.aliyun.com/eci-instance-id"]; got != want {
		t.Errorf("kept %s, want the recorded %s", got, want)
	}
}
