package provider_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	corev1 "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/types"

	"github.com/ebb-node/ebb/eci"
	"github.com/ebb-node/ebb/provider"
)

// eventually waits until check returns "", which says what is still missing.
func eventually(t *testing.T, check func() string) {
	t.Helper()
	missing := ""
	for end := time.Now().Add(deadline); time.Now().Before(end); time.Sleep(5 * time.Millisecond) {
		if missing = check(); missing == "" {
			return
		}
	}
	t.Fatal("still missing after " + deadline.String() + ": " + missing)
}

// pod makes a pod that is bound to the node. edit may be nil.
func (w *world) pod(name string, edit func(*corev1.Pod)) *corev1.Pod {
	w.t.Helper()
	w.uids++
	pod := &corev1.Pod{
		ObjectMeta: metav1.ObjectMeta{
			Namespace: "shop", Name: name, UID: types.UID(fmt.Sprintf("00000000-0000-0000-0000-%012d", w.uids)),
			CreationTimestamp: metav1.Now(),
		},
		Spec: corev1.PodSpec{
			NodeName:      nodeName,
			RestartPolicy: corev1.RestartPolicyAlways,
			Containers:    []corev1.Container{{Name: "app", Image: "example.com/app:1"}},
			DNSPolicy:     corev1.DNSDefault,
		},
		Status: corev1.PodStatus{Phase: corev1.PodPending},
	}
	if edit != nil {
		edit(pod)
	}
	made, err := w.kube.CoreV1().Pods(pod.Namespace).Create(context.Background(), pod, metav1.CreateOptions{})
	if err != nil {
		w.t.Fatal(err)
	}
	return made
}

// now returns a pod as the API server has it; nil when there is none.
func (w *world) now(pod *corev1.Pod) *corev1.Pod {
	w.t.Helper()
	got, err := w.kube.CoreV1().Pods(pod.Namespace).Get(context.Background(), pod.Name, metav1.GetOptions{})
	if apierrors.IsNotFound(err) || err == nil && got.UID != pod.UID {
		return nil
	}
	if err != nil {
		w.t.Fatal(err)
	}
	return got
}

// delete marks a pod for deletion as the API server does; the fake client
// removes at once.
func (w *world) delete(pod *corev1.Pod, grace int64) {
	w.t.Helper()
	current := w.now(pod)
	at := metav1.NewTime(time.Now().Add(time.Duration(grace) * time.Second))
	current.DeletionTimestamp, current.DeletionGracePeriodSeconds = &at, &grace
	if _, err := w.kube.CoreV1().Pods(pod.Namespace).Update(context.Background(), current, metav1.UpdateOptions{}); err != nil {
		w.t.Fatal(err)
	}
}

// remove takes a pod object away, as a forced deletion does.
func (w *world) remove(pod *corev1.Pod) {
	w.t.Helper()
	if err := w.kube.CoreV1().Pods(pod.Namespace).Delete(context.Background(), pod.Name, metav1.DeleteOptions{}); err != nil {
		w.t.Fatal(err)
	}
}

// running waits until a pod is Running and Ready, and returns it.
func (w *world) running(pod *corev1.Pod) *corev1.Pod {
	w.t.Helper()
	var got *corev1.Pod
	eventually(w.t, func() string {
		if got = w.now(pod); got == nil {
			return "pod " + pod.Name
		}
		for _, c := range got.Status.Conditions {
			if c.Type == corev1.PodReady && c.Status == corev1.ConditionTrue && got.Status.Phase == corev1.PodRunning {
				return ""
			}
		}
		return fmt.Sprintf("pod %s Ready, it is %+v", pod.Name, got.Status)
	})
	return got
}

// absent waits until a pod object is gone.
func (w *world) absent(pod *corev1.Pod) {
	w.t.Helper()
	eventually(w.t, func() string {
		if got := w.now(pod); got != nil {
			return fmt.Sprintf("the end of pod %s, it is %+v", pod.Name, got.Status)
		}
		return ""
	})
}

// groups are the node's container groups that are neither ending nor ended.
func (n *node) groups() []eci.Group {
	n.t.Helper()
	groups, err := n.client.Describe(context.Background(), eci.DescribeOptions{Tags: identity.Selector()})
	if err != nil {
		n.t.Fatal(err)
	}
	return slices.DeleteFunc(groups, func(g eci.Group) bool { return g.Status.Final() || g.Status == eci.StatusTerminating })
}

// settled waits until the node has so many live groups, none for the same pod.
func (n *node) settled(want int) {
	n.t.Helper()
	eventually(n.t, func() string {
		groups := n.groups()
		seen := map[string]bool{}
		for _, g := range groups {
			uid := g.Tag(provider.TagUID)
			if seen[uid] {
				return "an end of the second group for " + uid
			}
			seen[uid] = true
		}
		if len(groups) != want {
			return fmt.Sprintf("%d groups, there are %d", want, len(groups))
		}
		return ""
	})
}

// creates counts the creates that the cloud carried out.
func (w *world) creates() int { return w.cloud.Counts()["CreateContainerGroup"][""] }

// eventList collects events as "Type Reason Message".
type eventList struct {
	mu   sync.Mutex
	list []string
}

func (l *eventList) collect(ctx context.Context, from <-chan string) {
	for {
		select {
		case e := <-from:
			l.mu.Lock()
			l.list = append(l.list, e)
			l.mu.Unlock()
		case <-ctx.Done():
			return
		}
	}
}

func (l *eventList) all() []string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return slices.Clone(l.list)
}

// said waits for an event that contains all the words.
func (n *node) said(words ...string) {
	n.t.Helper()
	eventually(n.t, func() string {
		for _, e := range n.told.all() {
			if !slices.ContainsFunc(words, func(w string) bool { return !strings.Contains(e, w) }) {
				return ""
			}
		}
		return fmt.Sprintf("an event with %q among %q", words, n.told.all())
	})
}
