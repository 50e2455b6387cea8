package kubelet

import (
	"context"
	"errors"
	"io"
	"sync"

	"github.com/virtual-kubelet/virtual-kubelet/errdefs"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/ebb-node/ebb/eci"
)

// fakePods has pods by name, all in namespace shop; the group of pod x is
// eci-x.
type fakePods struct {
	mu   sync.Mutex
	list map[string]*corev1.Pod
}

func newPods(pods ...*corev1.Pod) *fakePods {
	f := &fakePods{list: map[string]*corev1.Pod{}}
	for _, p := range pods {
		f.list[p.Name] = p
	}
	return f
}

func (f *fakePods) set(p *corev1.Pod) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.list[p.Name] = p
}

func (f *fakePods) Lookup(namespace, name string) (*corev1.Pod, string, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	p, ok := f.list[name]
	if !ok || namespace != p.Namespace {
		return nil, "", errdefs.NotFoundf("pod %s/%s is not on this node", namespace, name)
	}
	if p.Status.Phase == corev1.PodPending {
		return p, "", nil
	}
	return p, "eci-" + name, nil
}

func (f *fakePods) GetPods(context.Context) ([]*corev1.Pod, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	var out []*corev1.Pod
	for _, p := range f.list {
		if p.Status.Phase == corev1.PodRunning {
			out = append(out, p)
		}
	}
	return out, nil
}

func (f *fakePods) Bound() ([]*corev1.Pod, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	var out []*corev1.Pod
	for _, p := range f.list {
		out = append(out, p)
	}
	return out, nil
}

// runningPod has containers that all run since the time given.
func runningPod(name string, since metav1.Time, containers ...string) *corev1.Pod {
	p := &corev1.Pod{
		ObjectMeta: metav1.ObjectMeta{Namespace: "shop", Name: name, UID: "uid-" + "1"},
		Status:     corev1.PodStatus{Phase: corev1.PodRunning, PodIP: "127.0.0.1", StartTime: &since},
	}
	for _, c := range containers {
		p.Spec.Containers = append(p.Spec.Containers, corev1.Container{Name: c})
		p.Status.ContainerStatuses = append(p.Status.ContainerStatuses, corev1.ContainerStatus{
			Name: c, State: corev1.ContainerState{Running: &corev1.ContainerStateRunning{StartedAt: since}},
		})
	}
	return p
}

// fakeCloud answers with what the test sets.
type fakeCloud struct {
	mu      sync.Mutex
	log     string
	logErr  error
	asked   []eci.LogOptions
	lines   chan string // of a followed log
	exec    func(eci.ExecRequest, eci.ExecStreams) (int, error)
	metrics map[string][]eci.MetricRecord
	bad     string // a group that spoils every call it is in
	calls   int
}

var errBad = errors.New("InvalidParameter: no such group")

func (f *fakeCloud) Log(_ context.Context, _, _ string, o eci.LogOptions) (string, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.asked = append(f.asked, o)
	return f.log, f.logErr
}

func (f *fakeCloud) Follow(ctx context.Context, _, _ string, o eci.LogOptions, w io.Writer, ended func() bool) error {
	f.mu.Lock()
	f.asked = append(f.asked, o)
	f.mu.Unlock()
	for !ended() {
		select {
		case line := <-f.lines:
			if _, err := io.WriteString(w, line); err != nil {
				return err
			}
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	return nil
}

func (f *fakeCloud) Exec(_ context.Context, r eci.ExecRequest, s eci.ExecStreams) (int, error) {
	return f.exec(r, s)
}

func (f *fakeCloud) Metrics(_ context.Context, ids []string) (map[string][]eci.MetricRecord, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.calls++
	out := map[string][]eci.MetricRecord{}
	for _, id := range ids {
		if id == f.bad {
			return nil, errBad
		}
		if m, ok := f.metrics[id]; ok {
			out[id] = m
		}
	}
	return out, nil
}
