package translate

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/util/intstr"

	"github.com/ebb-node/ebb/eci"
)

// knativePod is what Knative Serving makes of a Service, with more containers
// beside the user's.
func knativePod(probes string, more ...corev1.Container) *corev1.Pod {
	pod := coffeePod()
	pod.Spec.Containers = append([]corev1.Container{{
		Name: "user-container", Image: "coffee:1", Ports: []corev1.ContainerPort{{Name: "user-port", ContainerPort: 8080}},
	}}, more...)
	queue := corev1.Container{
		Name: "queue-proxy", Image: "queue:1", Ports: []corev1.ContainerPort{{Name: "queue-port", ContainerPort: 8012}},
		Env:            []corev1.EnvVar{{Name: "USER_PORT", Value: "8080"}},
		ReadinessProbe: &corev1.Probe{ProbeHandler: httpGet(intstr.FromInt(8012), "K-Network-Probe"), PeriodSeconds: 10, SuccessThreshold: 1, FailureThreshold: 3, TimeoutSeconds: 1},
	}
	if probes != "" {
		queue.Env = append(queue.Env, corev1.EnvVar{Name: knativeProbeEnv, Value: probes})
	}
	pod.Spec.Containers = append(pod.Spec.Containers, queue)
	return pod
}

func TestKnativeProbe(t *testing.T) {
	open := &eci.Probe{Handler: tcpHandler(8012), PeriodSeconds: 1, SuccessThreshold: 1, FailureThreshold: 3, TimeoutSeconds: 1}
	user := func(h eci.Handler) *eci.Probe { return &eci.Probe{Handler: h, PeriodSeconds: 1, SuccessThreshold: 1} }
	helper := corev1.Container{Name: "helper", Image: "h", Ports: []corev1.ContainerPort{{ContainerPort: 9000}}}
	own := corev1.Container{Name: "helper", Image: "h", ReadinessProbe: probe(exec("ok"))}
	for name, tc := range map[string]struct {
		pod      *corev1.Pod
		want     map[string]*eci.Probe
		warnings []string
	}{
		"default": {
			pod:  knativePod(`{"tcpSocket":{"port":8080,"host":"127.0.0.1"},"successThreshold":1}`),
			want: map[string]*eci.Probe{"user-container": user(tcpHandler(8080)), "queue-proxy": open},
		},
		"HTTP with a period": {
			pod:  knativePod(`{"httpGet":{"path":"/ready","port":8080,"host":"127.0.0.1","scheme":"HTTP"},"periodSeconds":5,"timeoutSeconds":2}`),
			want: map[string]*eci.Probe{"user-container": {Handler: eci.Handler{HTTPGet: &eci.HTTPGet{Path: "/ready", Port: 8080, Scheme: "HTTP"}}, PeriodSeconds: 5, TimeoutSeconds: 2}, "queue-proxy": open},
		},
		"HTTP with headers": {
			pod:      knativePod(`{"httpGet":{"port":8080,"httpHeaders":[{"name":"A","value":"b"}]},"successThreshold":1}`),
			want:     map[string]*eci.Probe{"user-container": user(tcpHandler(8080)), "queue-proxy": open},
			warnings: []string{ReasonProbeWeakened},
		},
		"gRPC": {
			pod:      knativePod(`{"grpc":{"port":8080},"successThreshold":1}`),
			want:     map[string]*eci.Probe{"user-container": user(tcpHandler(8080)), "queue-proxy": open},
			warnings: []string{ReasonProbeWeakened},
		},
		"several containers": {
			pod:  knativePod(`[{"tcpSocket":{"port":8080},"successThreshold":1},{"tcpSocket":{"port":9000},"successThreshold":1}]`, helper),
			want: map[string]*eci.Probe{"user-container": user(tcpHandler(8080)), "helper": user(tcpHandler(9000)), "queue-proxy": open},
		},
		"the port decides": {
			pod:  knativePod(`[null,{"tcpSocket":{"port":9000},"successThreshold":1}]`, helper),
			want: map[string]*eci.Probe{"user-container": nil, "helper": user(tcpHandler(9000)), "queue-proxy": open},
		},
		"a container's own probe stays": {
			pod:  knativePod(`{"tcpSocket":{"port":8080},"successThreshold":1}`, own),
			want: map[string]*eci.Probe{"user-container": user(tcpHandler(8080)), "helper": {Handler: eci.Handler{Exec: []string{"ok"}}}, "queue-proxy": open},
		},
		"no container left": {
			pod:      knativePod(`[{"tcpSocket":{"port":8080},"successThreshold":1},{"tcpSocket":{"port":9000}}]`),
			want:     map[string]*eci.Probe{"user-container": user(tcpHandler(8080)), "queue-proxy": open},
			warnings: []string{ReasonProbeWeakened},
		},
		"no user's probe": {
			pod:      knativePod(""),
			want:     map[string]*eci.Probe{"user-container": nil, "queue-proxy": open},
			warnings: []string{ReasonProbeWeakened},
		},
		"garbage": {
			pod:      knativePod("ready?"),
			want:     map[string]*eci.Probe{"user-container": nil, "queue-proxy": open},
			warnings: []string{ReasonProbeWeakened},
		},
	} {
		t.Run(name, func(t *testing.T) {
			plan, err := Translate(tc.pod, resolvedOf(tc.pod), Config{})
			if err != nil {
				t.Fatal(err)
			}
			got := map[string]*eci.Probe{}
			for _, c := range plan.Attempts[0].Containers {
				got[c.Name] = c.Readiness
			}
			if d := cmp.Diff(tc.want, got); d != "" {
				t.Errorf("readiness (-want +got):\n%s", d)
			}
			if d := cmp.Diff(tc.warnings, reasons(plan.Warnings)); d != "" {
				t.Errorf("warnings (-want +got):\n%s", d)
			}
		})
	}
}

func FuzzUserProbes(f *testing.F) {
	f.Add(`{"tcpSocket":{"port":8080}}`)
	f.Add(`[null]`)
	f.Add(`null`)
	f.Fuzz(func(t *testing.T, in string) {
		pod := knativePod(in)
		plan, err := Translate(pod, resolvedOf(pod), Config{})
		if (plan == nil) == (err == nil) {
			t.Errorf("%q: plan %v and error %v", in, plan, err)
		}
	})
}
