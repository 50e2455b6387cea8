package translate

import (
	"testing"

	corev1 "k8s.io/api/core/v1"

	"github.com/ebb-node/ebb/eci"
)

func TestInitContainers(t *testing.T) {
	initial := func(policy corev1.RestartPolicy, change func(*corev1.Container)) func(*corev1.Pod) {
		return func(pod *corev1.Pod) {
			c := corev1.Container{Name: "grind", Image: "grinder:1"}
			change(&c)
			pod.Spec.RestartPolicy, pod.Spec.InitContainers = policy, []corev1.Container{c}
		}
	}
	own := func(policy corev1.ContainerRestartPolicy) func(*corev1.Container) {
		return func(c *corev1.Container) { c.RestartPolicy = &policy }
	}
	want := func(policy string) func(*eci.CreateRequest) {
		return func(r *eci.CreateRequest) {
			r.RestartPolicy, r.InitContainers = policy, []eci.Container{{Name: "grind", Image: "grinder:1"}}
		}
	}
	field := "spec.initContainers[0]"
	check(t, map[string]rule{
		"never as the pod":        {pod: initial("Never", own("Never")), want: want("Never")},
		"never in another pod":    {pod: initial("Always", own("Never")), refused: []string{field + ".restartPolicy"}},
		"never, pod on failure":   {pod: initial("OnFailure", own("Never")), refused: []string{field + ".restartPolicy"}},
		"on failure, pod always":  {pod: initial("Always", own("OnFailure")), want: want("Always")},
		"on failure in a one-off": {pod: initial("Never", own("OnFailure")), refused: []string{field + ".restartPolicy"}},
		"rules": {
			pod:     initial("Always", func(c *corev1.Container) { c.RestartPolicyRules = []corev1.ContainerRestartRule{{}} }),
			refused: []string{field + ".restartPolicyRules"},
		},
		"streams": {
			pod:      initial("Always", func(c *corev1.Container) { c.Stdin, c.StdinOnce, c.TTY = true, true, true }),
			want:     want("Always"),
			warnings: []string{ReasonFieldIgnored, ReasonFieldIgnored, ReasonFieldIgnored},
		},
	})
}
