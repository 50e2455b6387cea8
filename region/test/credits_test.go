package test

import (
	"context"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/ebb-node/ebb/region/internal/cloudadmin"
	"github.com/ebb-node/ebb/region/internal/cluster"
)

const (
	// creditsType has 1 vCPU, a baseline of 20 %, and credits for 37.5 minutes
	// at full speed when it is new.
	creditsType     = "ecs.t5-lc1m2.small"
	creditsBaseline = 0.2
	// creditsSpeed makes these 37.5 seconds.
	creditsSpeed = 60
	// burnTime is what they may take at most: on a busy machine the pod does not
	// get its whole vCPU.
	burnTime = 5 * time.Minute
	// sampleInterval is how often ebb samples one pod.
	sampleInterval = 15 * time.Second
)

// cloudCredits is what the mock cloud's own books say of a container group.
type cloudCredits struct {
	InstanceType string  `json:"instanceType"`
	Balance      float64 `json:"balance"`
	Throttled    bool    `json:"throttled"`
}

// TestCreditsThatAreUsedUp lets a real burstable pod burn CPU beyond its
// credits, in a region of its own because that cloud's clock runs fast.
func TestCreditsThatAreUsedUp(t *testing.T) {
	fast, err := newRegion("--knative=false")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := fast.end(syscall.SIGTERM); err != nil {
			t.Error(err)
		}
	})
	pod := fast.burner(t)
	fast.speedUp(t)

	var throttled time.Time
	eventually(t, burnTime, func(ctx context.Context) error {
		books, err := fast.cloudCredits(ctx)
		if err == nil && !books.Throttled {
			err = fmt.Errorf("the cloud does not throttle: %+v", books)
		}
		throttled = time.Now()
		return err
	})
	eventually(t, 2*sampleInterval, func(ctx context.Context) error {
		value, err := fast.metric(ctx, "ebb_cpu_credit_throttled", pod.Name)
		if err == nil && value != 1 {
			err = fmt.Errorf("the ledger does not say throttled, %v after the cloud did", time.Since(throttled))
		}
		return err
	})
	t.Logf("the ledger said throttled %.1f s after the cloud did; an interval is %v", time.Since(throttled).Seconds(), sampleInterval)
	eventually(t, 5*time.Second, func(ctx context.Context) error { return fast.hasEvent(ctx, pod, "CPUCreditsExhausted") })
	fast.agree(t, pod.Name)

	used := fast.cpuRate(t, pod.Name)
	t.Logf("held at %.3f vCPU, the baseline is %v", used, creditsBaseline)
	if used < 0.75*creditsBaseline || used > 1.1*creditsBaseline {
		t.Errorf("the pod uses %.3f vCPU, want its baseline of %v", used, creditsBaseline)
	}
	if has := fast.kubectl(t, "get", "pod", pod.Name, "-o", `jsonpath={.metadata.annotations.ebb-node\.github\.io/cpu-credits}`); !strings.Contains(has, ",cap=288,level=exhausted,at=") {
		t.Errorf("the pod carries %q", has)
	}
}

// burner runs a pod on a burstable instance that uses all the CPU it gets.
func (r *testRegion) burner(t *testing.T) *corev1.Pod {
	t.Helper()
	pod, err := r.kube.CoreV1().Pods("default").Create(t.Context(), &corev1.Pod{
		ObjectMeta: metav1.ObjectMeta{Name: "burner", Annotations: map[string]string{"k8s.aliyun.com/eci-use-specs": creditsType}},
		Spec: corev1.PodSpec{Containers: []corev1.Container{{
			Name: "main", Image: "busybox", Command: []string{"sh", "-c", "while :; do :; done"},
		}}},
	}, metav1.CreateOptions{})
	if err != nil {
		t.Fatal(err)
	}
	r.kubectl(t, "wait", "--for=condition=Ready", "pod/burner", "--timeout=60s")
	return pod
}

// speedUp has the cloud's clock run fast once ebb knows what the pod is billed
// as.
func (r *testRegion) speedUp(t *testing.T) {
	t.Helper()
	eventually(t, 30*time.Second, func(ctx context.Context) error {
		_, err := r.metric(ctx, "ebb_cpu_credit_balance", "burner")
		return err
	})
	body := strings.NewReader(fmt.Sprintf(`{"speed":%d}`, creditsSpeed))
	request, err := http.NewRequestWithContext(t.Context(), http.MethodPost, "http://"+cluster.CloudAdmin+"/clock", body)
	if err != nil {
		t.Fatal(err)
	}
	response, err := r.HTTP().Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	if response.StatusCode != http.StatusOK {
		t.Fatalf("the cloud's clock: %s", response.Status)
	}
}

func (r *testRegion) cloudCredits(ctx context.Context) (cloudCredits, error) {
	var books []cloudCredits
	if err := cloudadmin.Get(ctx, r.Client, "/credits", &books); err != nil {
		return cloudCredits{}, err
	}
	if len(books) != 1 || books[0].InstanceType != creditsType {
		return cloudCredits{}, fmt.Errorf("the cloud keeps books of %+v, want one %s", books, creditsType)
	}
	return books[0], nil
}

// agree compares ebb's ledger with the cloud's own books.
func (r *testRegion) agree(t *testing.T, pod string) {
	t.Helper()
	books, err := r.cloudCredits(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	ledger, err := r.metric(t.Context(), "ebb_cpu_credit_balance", pod)
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("credits: %.2f by the ledger, %.2f by the cloud", ledger, books.Balance)
	if d := ledger - books.Balance; d < -2.88 || d > 2.88 { // 1 % of the cap
		t.Errorf("the ledger has %.2f credits, the cloud %.2f", ledger, books.Balance)
	}
}

// metric is the value of a pod's series in ebb's metrics.
func (r *testRegion) metric(ctx context.Context, name, pod string) (float64, error) {
	return r.Metric(ctx, name, fmt.Sprintf("pod=%q", pod))
}

func (r *testRegion) hasEvent(ctx context.Context, pod *corev1.Pod, reason string) error {
	events, err := r.kube.CoreV1().Events(pod.Namespace).List(ctx, metav1.ListOptions{FieldSelector: "involvedObject.uid=" + string(pod.UID)})
	if err != nil {
		return err
	}
	var said []string
	for _, e := range events.Items {
		if e.Reason == reason && e.Count <= 1 {
			return nil
		}
		said = append(said, fmt.Sprintf("%s x%d: %s", e.Reason, e.Count, e.Message))
	}
	return fmt.Errorf("no single event %s; events: %q", reason, said)
}

// cpuRate is how much CPU the pod's first process uses, as the kernel has it:
// fields 14 and 15 of its stat, in hundredths of a second.
func (r *testRegion) cpuRate(t *testing.T, pod string) float64 {
	t.Helper()
	read := func() (ticks float64, at time.Time) {
		fields := strings.Fields(r.kubectl(t, "exec", pod, "--", "cat", "/proc/1/stat"))
		for _, f := range fields[13:15] {
			n, err := strconv.ParseFloat(f, 64)
			if err != nil {
				t.Fatal(err)
			}
			ticks += n
		}
		return ticks, time.Now()
	}
	before, began := read()
	time.Sleep(5 * time.Second) // fifty periods of the kernel's bandwidth control
	after, ended := read()
	return (after - before) / 100 / ended.Sub(began).Seconds()
}
