package provider_test

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/ebb-node/ebb/mockcloud"
	mockeci "github.com/ebb-node/ebb/mockcloud/eci"
	"github.com/ebb-node/ebb/mockcloud/rpc"
)

func (w *world) fault(f rpc.Fault) {
	w.t.Helper()
	if _, err := w.cloud.AddFault(f); err != nil {
		w.t.Fatal(err)
	}
}

// never fails the test when a pod is seen in the phase on the way.
func (w *world) waits(pod *corev1.Pod, reason string) {
	w.t.Helper()
	eventually(w.t, func() string {
		got := w.now(pod)
		if got == nil || len(got.Status.ContainerStatuses) == 0 || got.Status.ContainerStatuses[0].State.Waiting == nil {
			return "a waiting container"
		}
		if got.Status.Phase != corev1.PodPending {
			w.t.Fatalf("phase %s, want Pending", got.Status.Phase)
		}
		if have := got.Status.ContainerStatuses[0].State.Waiting.Reason; have != reason {
			return fmt.Sprintf("reason %s, it is %s", reason, have)
		}
		return ""
	})
}

func TestErrorsThatPassNeverFailAPod(t *testing.T) {
	for name, fault := range map[string]rpc.Fault{
		"throttled":   {Throttle: true},
		"unavailable": {Status: 503, Code: "ServiceUnavailable"},
		"internal":    {Status: 500, Code: "InternalError"},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t, mockcloud.Config{})
			fault.Action, fault.Times = "CreateContainerGroup", 2
			w.fault(fault)
			n := w.start(nodeOptions{})
			pod := w.pod("once", func(p *corev1.Pod) { p.Spec.RestartPolicy = corev1.RestartPolicyNever })
			n.said("Warning", "will try again")
			if got := w.now(pod); got.Status.Phase == corev1.PodFailed {
				t.Fatal("the pod failed")
			}
			w.running(pod)
			n.settled(1)
		})
	}
}

func TestNoStockMovesOnToTheNextSpec(t *testing.T) {
	for _, state := range []string{"none", "none-delayed"} {
		t.Run(state, func(t *testing.T) {
			w := newWorld(t, mockcloud.Config{})
			if err := w.cloud.SetStock(mockeci.StockSetting{Spec: "2-4Gi", State: state}); err != nil {
				t.Fatal(err)
			}
			n := w.start(nodeOptions{})
			pod := w.pod("big", func(p *corev1.Pod) {
				p.Annotations = map[string]string{"k8s.aliyun.com/eci-use-specs": "2-4Gi,4-8Gi"}
			})
			got := w.running(pod)
			n.settled(1)
			if spec := got.Annotations["k8s.aliyun.com/eci-instance-spec"]; spec != "4.0-8.0Gi" {
				t.Errorf("eci-instance-spec %q, want 4.0-8.0Gi", spec)
			}
		})
	}
}

func TestAnImpossibleSpecDoesNotEndThePodWhileAnotherMayCome(t *testing.T) {
	w := newWorld(t, mockcloud.Config{})
	if err := w.cloud.SetStock(mockeci.StockSetting{Spec: "2-4Gi", State: "none"}); err != nil {
		t.Fatal(err)
	}
	n := w.start(nodeOptions{})
	pod := w.pod("picky", func(p *corev1.Pod) {
		p.Spec.RestartPolicy = corev1.RestartPolicyNever
		p.Annotations = map[string]string{"k8s.aliyun.com/eci-use-specs": "2-4Gi,ecs.nonsense.large"}
	})
	n.said("Warning", "InvalidRequest", "will try again")
	w.waits(pod, "NoStock")
	if got := w.now(pod).Status.Phase; got != corev1.PodPending {
		t.Errorf("phase %s, want Pending", got)
	}
}

func TestNoStockAnywhereWaitsOrFailsFast(t *testing.T) {
	w := newWorld(t, mockcloud.Config{})
	if err := w.cloud.SetStock(mockeci.StockSetting{State: "none"}); err != nil {
		t.Fatal(err)
	}
	n := w.start(nodeOptions{})
	waits := w.pod("waits", nil)
	w.waits(waits, "NoStock")
	fails := w.pod("fails", func(p *corev1.Pod) {
		p.Annotations = map[string]string{"k8s.aliyun.com/eci-fail-strategy": "fail-fast"}
	})
	eventually(t, func() string {
		got := w.now(fails).Status
		if got.Phase != corev1.PodFailed || got.Reason != "ContainerInstanceScheduleFailed" {
			return fmt.Sprintf("Failed/ContainerInstanceScheduleFailed, it is %s/%s", got.Phase, got.Reason)
		}
		return ""
	})
	n.said("Warning", "NoStock")
}

func TestWhatCannotBeHadIsSaid(t *testing.T) {
	unsupported := func(p *corev1.Pod) {
		p.Spec.Volumes = []corev1.Volume{{Name: "data", VolumeSource: corev1.VolumeSource{
			ISCSI: &corev1.ISCSIVolumeSource{TargetPortal: "10.0.0.1", IQN: "iqn.x", Lun: 0},
		}}}
	}
	w := newWorld(t, mockcloud.Config{})
	n := w.start(nodeOptions{})

	always := w.pod("always", unsupported)
	n.said("Warning", "Unsupported", "spec.volumes[0]")
	w.waits(always, "Unsupported")

	never := w.pod("never", func(p *corev1.Pod) { unsupported(p); p.Spec.RestartPolicy = corev1.RestartPolicyNever })
	eventually(t, func() string {
		got := w.now(never).Status
		if got.Phase != corev1.PodFailed || !strings.Contains(got.Message, "spec.volumes[0]") {
			return fmt.Sprintf("Failed naming the field, it is %s %q", got.Phase, got.Message)
		}
		if w := got.ContainerStatuses[0].State.Waiting; w == nil || w.Reason != "Unsupported" {
			t.Fatalf("a container that never ran is %+v", got.ContainerStatuses[0].State)
		}
		return ""
	})

	w.pod("annotation", func(p *corev1.Pod) {
		p.Annotations = map[string]string{"k8s.aliyun.com/eci-use-specs": "two-by-four"}
	})
	n.said("Warning", "eci-use-specs", "two-by-four")
	if got := w.creates(); got != 0 {
		t.Errorf("%d creates, want none", got)
	}
	w.delete(always, 30)
	w.absent(always)
}

func TestAMissingConfigMapIsWaitedFor(t *testing.T) {
	w := newWorld(t, mockcloud.Config{})
	n := w.start(nodeOptions{})
	pod := w.pod("menu", func(p *corev1.Pod) {
		p.Spec.Containers[0].EnvFrom = []corev1.EnvFromSource{{ConfigMapRef: &corev1.ConfigMapEnvSource{
			LocalObjectReference: corev1.LocalObjectReference{Name: "prices"},
		}}}
	})
	n.said("Warning", "MandatoryConfigMapNotFound")
	w.waits(pod, "CreateContainerConfigError")
	_, err := w.kube.CoreV1().ConfigMaps("shop").Create(context.Background(),
		&corev1.ConfigMap{ObjectMeta: metav1.ObjectMeta{Namespace: "shop", Name: "prices"}, Data: map[string]string{"LATTE": "3"}}, metav1.CreateOptions{})
	if err != nil {
		t.Fatal(err)
	}
	w.running(pod)
}

func TestADeleteThatFailsIsRepeated(t *testing.T) {
	w := newWorld(t, mockcloud.Config{})
	n := w.start(nodeOptions{})
	pod := w.pod("stuck", nil)
	w.running(pod)
	w.fault(rpc.Fault{Action: "DeleteContainerGroup", Times: 2, Status: 400, Code: "IncorrectStatus"})
	w.delete(pod, 30)
	n.said("FailedDeleteContainerGroup")
	w.absent(pod)
	n.settled(0)
}

func TestSecretsStayOutOfTheLog(t *testing.T) {
	const secret = "swordfish-8d1f"
	w := newWorld(t, mockcloud.Config{})
	_, err := w.kube.CoreV1().Secrets("shop").Create(context.Background(),
		&corev1.Secret{ObjectMeta: metav1.ObjectMeta{Namespace: "shop", Name: "till"}, Data: map[string][]byte{"pin": []byte(secret)}}, metav1.CreateOptions{})
	if err != nil {
		t.Fatal(err)
	}
	w.fault(rpc.Fault{Action: "CreateContainerGroup", Times: 1, Status: 400, Code: "InvalidParameter", Message: "bad value " + secret})
	n := w.start(nodeOptions{})
	till := func(p *corev1.Pod) {
		p.Spec.Containers[0].Env = []corev1.EnvVar{{Name: "PIN", ValueFrom: &corev1.EnvVarSource{SecretKeyRef: &corev1.SecretKeySelector{
			LocalObjectReference: corev1.LocalObjectReference{Name: "till"}, Key: "pin",
		}}}}
	}
	w.pod("refused", till)
	n.said("Warning", "InvalidRequest")
	w.running(w.pod("accepted", till))
	n.stop()
	for what, text := range map[string]string{"log": w.log.String(), "events": strings.Join(n.told.all(), "\n")} {
		for _, hidden := range []string{secret, w.cloud.AccessKeySecret} {
			if strings.Contains(text, hidden) {
				t.Errorf("%q is in the %s", hidden, what)
			}
		}
		if text == "" {
			t.Errorf("no %s: the test proves nothing", what)
		}
	}
}

func TestAReclaimedSpotInstanceFailsItsPod(t *testing.T) {
	w := newWorld(t, mockcloud.Config{})
	n := w.start(nodeOptions{})
	pod := w.pod("cheap", func(p *corev1.Pod) {
		p.Annotations = map[string]string{"k8s.aliyun.com/eci-use-specs": "2-4Gi", "k8s.aliyun.com/eci-spot-strategy": "SpotAsPriceGo"}
	})
	id := w.running(pod).Annotations["k8s.aliyun.com/eci-instance-id"]
	if err := w.cloud.ReclaimSpot(id); err != nil {
		t.Fatal(err)
	}
	// The notice comes three minutes ahead. Not much further: the watch asks for
	// what changed in the last seconds.
	w.cloud.Advance(3*time.Minute + time.Second)
	eventually(t, func() string {
		got := w.now(pod).Status
		if got.Phase != corev1.PodFailed || got.Reason != "BidFailed" {
			return fmt.Sprintf("Failed/BidFailed, it is %s/%s", got.Phase, got.Reason)
		}
		return ""
	})
	n.said("SpotToBeReleased")
}
