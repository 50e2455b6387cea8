// Package bench measures the product in a running region.
package bench

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"time"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/labels"
	"k8s.io/client-go/informers"
	"k8s.io/client-go/kubernetes"
	"k8s.io/client-go/tools/cache"

	"github.com/ebb-node/ebb/region/internal/cluster"
)

// binders bind at a time, so that binding is no bottleneck of its own.
const binders = 32

// Result is what a run of pods took.
type Result struct {
	Pods  int
	Bound time.Duration   // first bind to last bind
	All   time.Duration   // first bind to the last pod Running in the API server
	Each  []time.Duration // own bind to own Running, sorted
}

// Quantile of Each: q is 0.5 for the median.
func (r Result) Quantile(q float64) time.Duration {
	return r.Each[min(len(r.Each)-1, int(q*float64(len(r.Each))))]
}

// Pods creates pods that no scheduler wants, binds them to the virtual node all
// at once, and waits until the API server shows every one as Running.
func Pods(ctx context.Context, client kubernetes.Interface, n int) (Result, error) {
	pods := client.CoreV1().Pods("default")
	names := make([]string, n)
	if err := parallel(n, func(i int) error {
		pod, err := pods.Create(ctx, benchPod(), metav1.CreateOptions{})
		if err == nil {
			names[i] = pod.Name
		}
		return err
	}); err != nil {
		return Result{}, err
	}
	running, err := watchRunning(ctx, client, n)
	if err != nil {
		return Result{}, err
	}
	begin := time.Now()
	bound := make(map[string]time.Time, n)
	var mu sync.Mutex
	if err := parallel(n, func(i int) error {
		mu.Lock()
		bound[names[i]] = time.Now()
		mu.Unlock()
		return pods.Bind(ctx, &corev1.Binding{
			ObjectMeta: metav1.ObjectMeta{Name: names[i]},
			Target:     corev1.ObjectReference{Kind: "Node", Name: cluster.NodeName},
		}, metav1.CreateOptions{})
	}); err != nil {
		return Result{}, err
	}
	result := Result{Pods: n, Bound: time.Since(begin)}
	for range n {
		select {
		case up := <-running:
			result.Each = append(result.Each, up.at.Sub(bound[up.name]))
			result.All = up.at.Sub(begin)
		case <-ctx.Done():
			return result, fmt.Errorf("%d of %d pods run: %w", len(result.Each), n, ctx.Err())
		}
	}
	slices.Sort(result.Each)
	return result, nil
}

func parallel(n int, do func(int) error) error {
	errs := make(chan error, n)
	work := make(chan int)
	for range binders {
		go func() {
			for i := range work {
				errs <- do(i)
			}
		}()
	}
	for i := range n {
		work <- i
	}
	close(work)
	var first error
	for range n {
		if err := <-errs; err != nil && first == nil {
			first = err
		}
	}
	return first
}

var benchLabels = map[string]string{"app": "bench"}

func benchPod() *corev1.Pod {
	return &corev1.Pod{
		ObjectMeta: metav1.ObjectMeta{GenerateName: "bench-", Labels: benchLabels},
		Spec: corev1.PodSpec{
			SchedulerName: "bench",
			Containers:    []corev1.Container{{Name: "main", Image: "busybox"}},
		},
	}
}

// up is a pod that was first seen Running.
type up struct {
	name string
	at   time.Time
}

// watchRunning delivers each bench pod when the API server first shows it as
// Running.
func watchRunning(ctx context.Context, client kubernetes.Interface, n int) (<-chan up, error) {
	factory := informers.NewSharedInformerFactoryWithOptions(client, 0, informers.WithNamespace("default"),
		informers.WithTweakListOptions(func(o *metav1.ListOptions) {
			o.LabelSelector = labels.SelectorFromSet(benchLabels).String()
		}))
	found := make(chan up, n)
	informer := factory.Core().V1().Pods().Informer()
	_, err := informer.AddEventHandler(cache.ResourceEventHandlerFuncs{UpdateFunc: func(before, after any) {
		pod := after.(*corev1.Pod)
		if pod.Status.Phase == corev1.PodRunning && before.(*corev1.Pod).Status.Phase != corev1.PodRunning {
			found <- up{pod.Name, time.Now()}
		}
	}})
	if err != nil {
		return nil, err
	}
	factory.Start(ctx.Done())
	if !cache.WaitForCacheSync(ctx.Done(), informer.HasSynced) {
		return nil, ctx.Err()
	}
	return found, nil
}
