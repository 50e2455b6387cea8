package test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"sync"
	"syscall"
	"testing"
	"time"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/ebb-node/ebb/region/internal/cloudadmin"
)

const chaosPods = 50

// TestKilledEbbLosesNothing kills ebb again and again while pods come and go.
// Afterwards every pod that is there runs on exactly one container group, and
// no container group is there without its pod.
func TestKilledEbbLosesNothing(t *testing.T) {
	seed := uint64(time.Now().UnixNano())
	t.Logf("seed %d", seed)
	random := rand.New(rand.NewPCG(seed, 0))
	pods := region.kube.CoreV1().Pods("default")
	ctx := t.Context()
	t.Cleanup(func() {
		_ = pods.DeleteCollection(context.Background(), *metav1.NewDeleteOptions(0), metav1.ListOptions{LabelSelector: "app=chaos"})
	})

	stop := make(chan struct{})
	var killer sync.WaitGroup
	kills := 0
	killer.Go(func() {
		for {
			select {
			case <-stop:
				return
			case <-time.After(time.Duration(100+random.IntN(900)) * time.Millisecond):
			}
			if err := region.Signal(ctx, "ebb", syscall.SIGKILL); err == nil {
				kills++
			}
		}
	})
	for i := range chaosPods {
		if _, err := pods.Create(ctx, chaosPod(i), metav1.CreateOptions{}); err != nil {
			t.Fatal(err)
		}
		if i%2 == 1 { // half of them go again, some before they run
			if err := pods.Delete(ctx, fmt.Sprintf("chaos-%d", i-1), *metav1.NewDeleteOptions(1)); err != nil {
				t.Fatal(err)
			}
		}
		time.Sleep(60 * time.Millisecond) // spreads the pods over several lives of ebb
	}
	close(stop)
	killer.Wait()
	if kills < 3 {
		t.Fatalf("ebb was killed %d times only; this proves little", kills)
	}
	t.Logf("ebb was killed %d times", kills)
	eventually(t, time.Minute, func(ctx context.Context) error { return chaosSettled(ctx) })
}

func chaosPod(i int) *corev1.Pod {
	grace := int64(1)
	return &corev1.Pod{
		ObjectMeta: metav1.ObjectMeta{Name: fmt.Sprintf("chaos-%d", i), Labels: map[string]string{"app": "chaos"}},
		Spec: corev1.PodSpec{
			TerminationGracePeriodSeconds: &grace,
			Containers:                    []corev1.Container{{Name: "main", Image: "foo"}},
		},
	}
}

// chaosSettled compares the pods with the mock cloud's container groups.
func chaosSettled(ctx context.Context) error {
	list, err := region.kube.CoreV1().Pods("default").List(ctx, metav1.ListOptions{LabelSelector: "app=chaos"})
	if err != nil {
		return err
	}
	if len(list.Items) != chaosPods/2 {
		return fmt.Errorf("%d pods are there, want %d", len(list.Items), chaosPods/2)
	}
	groups, err := groupsByUID(ctx)
	if err != nil {
		return err
	}
	for _, pod := range list.Items {
		if pod.Status.Phase != corev1.PodRunning {
			return fmt.Errorf("pod %s is %s", pod.Name, pod.Status.Phase)
		}
		if of := groups[string(pod.UID)]; len(of) != 1 {
			return fmt.Errorf("pod %s has the container groups %v", pod.Name, of)
		}
	}
	all, err := region.kube.CoreV1().Pods("").List(ctx, metav1.ListOptions{})
	if err != nil {
		return err
	}
	for uid, of := range groups {
		if !slices.ContainsFunc(all.Items, func(p corev1.Pod) bool { return string(p.UID) == uid }) {
			return fmt.Errorf("container groups %v belong to pod UID %s, which is gone", of, uid)
		}
	}
	return nil
}

// groupsByUID are the mock cloud's container groups that still live, by the
// UID of their pod.
func groupsByUID(ctx context.Context) (map[string][]string, error) {
	var state struct {
		Groups []struct {
			ContainerGroupId, Status string
			Tags                     []struct{ Key, Value string }
		}
	}
	if err := cloudadmin.Get(ctx, region.Client, "/state", &state); err != nil {
		return nil, err
	}
	found := map[string][]string{}
	for _, group := range state.Groups {
		for _, tag := range group.Tags {
			if tag.Key == "ebb-uid" {
				found[tag.Value] = append(found[tag.Value], group.ContainerGroupId+" ("+group.Status+")")
			}
		}
	}
	return found, nil
}
