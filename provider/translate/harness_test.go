package translate

import (
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/ebb-node/ebb/eci"
	"github.com/ebb-node/ebb/provider/resolve"
)

// coffeePod is the smallest pod as the API server hands it out.
func coffeePod() *corev1.Pod {
	return &corev1.Pod{
		ObjectMeta: metav1.ObjectMeta{Namespace: "shop", Name: "coffee", UID: "uid-1"},
		Spec: corev1.PodSpec{
			RestartPolicy: corev1.RestartPolicyAlways,
			DNSPolicy:     corev1.DNSDefault,
			Containers:    []corev1.Container{{Name: "app", Image: "coffee:1"}},
		},
	}
}

// coffeeRequest is what it becomes.
func coffeeRequest() eci.CreateRequest {
	return eci.CreateRequest{
		Name:          "shop-coffee-4a49acf8a6",
		RestartPolicy: "Always",
		DNSPolicy:     "Default",
		HostName:      "coffee",
		CPU:           2,
		Memory:        4,
		Containers:    []eci.Container{{Name: "app", Image: "coffee:1"}},
		Extra:         map[string]string{},
	}
}

// resolvedOf resolves what needs no cluster: literals.
func resolvedOf(pod *corev1.Pod) *resolve.Resolved {
	out := &resolve.Resolved{
		Containers:    map[string]resolve.Container{},
		Files:         map[string]eci.ConfigFile{},
		Claims:        map[string]*corev1.PersistentVolume{},
		VolumeSecrets: map[string]map[string]string{},
	}
	for _, list := range [][]corev1.Container{pod.Spec.InitContainers, pod.Spec.Containers} {
		for _, c := range list {
			rc := resolve.Container{Command: c.Command, Args: c.Args}
			for _, e := range c.Env {
				rc.Env = append(rc.Env, eci.EnvVar{Key: e.Name, Value: e.Value})
			}
			out.Containers[c.Name] = rc
		}
	}
	return out
}

// rule is one row of a table: what is done to the smallest pod, and what that
// does to its request, or which fields are refused.
type rule struct {
	config   Config
	pod      func(*corev1.Pod)
	resolved func(*resolve.Resolved)
	want     func(*eci.CreateRequest)
	warnings []string // reasons
	refused  []string // fields
}

func (r rule) check(t *testing.T) {
	t.Helper()
	pod := coffeePod()
	if r.pod != nil {
		r.pod(pod)
	}
	resolved := resolvedOf(pod)
	if r.resolved != nil {
		r.resolved(resolved)
	}
	before := pod.DeepCopy()
	plan, err := Translate(pod, resolved, r.config)
	if d := cmp.Diff(before, pod); d != "" {
		t.Errorf("the pod was changed (-before +after):\n%s", d)
	}
	if d := cmp.Diff(r.refused, fields(t, err)); d != "" {
		t.Fatalf("refused fields (-want +got):\n%s\n%v", d, err)
	}
	if err != nil {
		return
	}
	want := coffeeRequest()
	if r.want != nil {
		r.want(&want)
	}
	if d := cmp.Diff([]eci.CreateRequest{want}, plan.Attempts); d != "" {
		t.Errorf("attempts (-want +got):\n%s", d)
	}
	if d := cmp.Diff(r.warnings, reasons(plan.Warnings)); d != "" {
		t.Errorf("warnings (-want +got):\n%s\n%v", d, plan.Warnings)
	}
}

func check(t *testing.T, rules map[string]rule) {
	t.Helper()
	for name, r := range rules {
		t.Run(name, func(t *testing.T) { r.check(t) })
	}
}

// fields are those that err refuses; every problem has to be typed.
func fields(t *testing.T, err error) []string {
	t.Helper()
	var out []string
	for _, e := range resolve.Problems(err) {
		var u *UnsupportedError
		if !errors.As(e, &u) {
			t.Errorf("untyped problem: %v", e)
			continue
		}
		if u.Reason == "" {
			t.Errorf("%s is refused without a reason", u.Field)
		}
		out = append(out, u.Field)
	}
	return out
}

func reasons(notes []Note) []string {
	var out []string
	for _, n := range notes {
		out = append(out, n.Reason)
	}
	return out
}

// annotated sets annotations; keys come without their prefix.
func annotated(pairs ...string) func(*corev1.Pod) {
	return func(pod *corev1.Pod) {
		if pod.Annotations == nil {
			pod.Annotations = map[string]string{}
		}
		for i := 0; i < len(pairs); i += 2 {
			pod.Annotations[Prefix+pairs[i]] = pairs[i+1]
		}
	}
}

// app changes the first container of a pod.
func app(change func(*corev1.Container)) func(*corev1.Pod) {
	return func(pod *corev1.Pod) { change(&pod.Spec.Containers[0]) }
}

// wantApp changes the first container of a request.
func wantApp(change func(*eci.Container)) func(*eci.CreateRequest) {
	return func(r *eci.CreateRequest) { change(&r.Containers[0]) }
}

// extra sets parameters of the request.
func extra(pairs ...string) func(*eci.CreateRequest) {
	return func(r *eci.CreateRequest) {
		for i := 0; i < len(pairs); i += 2 {
			r.Extra[pairs[i]] = pairs[i+1]
		}
	}
}

func both[T any](changes ...func(T)) func(T) {
	return func(v T) {
		for _, c := range changes {
			c(v)
		}
	}
}

func ptr[T any](v T) *T { return &v }
