package resolve

import (
	"context"
	"errors"
	"fmt"
	"testing"

	corev1 "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime/schema"

	"github.com/ebb-node/ebb/eci"
)

// cluster is a small API server: what it holds, what fails, and how often it
// was asked.
type cluster struct {
	configMaps map[string]*corev1.ConfigMap
	secrets    map[string]*corev1.Secret
	claims     map[string]*corev1.PersistentVolumeClaim
	volumes    map[string]*corev1.PersistentVolume
	services   map[string][]*corev1.Service
	broken     map[string]bool // names whose reading fails for the moment
	calls      map[string]int
	tokens     []string // what tokens were asked for
}

var errDown = errors.New("etcd is down")

func missing(resource, name string) error {
	return apierrors.NewNotFound(schema.GroupResource{Resource: resource}, name)
}

func read[T any](c *cluster, resource, name string, from map[string]*T) (*T, error) {
	if c.calls == nil {
		c.calls = map[string]int{}
	}
	c.calls[resource+"/"+name]++
	if c.broken[name] {
		return nil, errDown
	}
	if o, ok := from[name]; ok {
		return o, nil
	}
	return nil, missing(resource, name)
}

func (c *cluster) getters() Getters {
	return Getters{
		ConfigMap: func(_ context.Context, _, name string) (*corev1.ConfigMap, error) {
			return read(c, "configmaps", name, c.configMaps)
		},
		Secret: func(_ context.Context, namespace, name string) (*corev1.Secret, error) {
			if namespace != "shop" {
				name = namespace + "/" + name
			}
			return read(c, "secrets", name, c.secrets)
		},
		ServiceAccountToken: func(_ context.Context, ns, account string, pod *corev1.Pod, audience string, seconds int64) (string, error) {
			asked := fmt.Sprintf("%s/%s for %s, audience %q, %d s", ns, account, pod.Name, audience, seconds)
			if c.broken[account] {
				return "", errDown
			}
			c.tokens = append(c.tokens, asked)
			return "token-" + account, nil
		},
		Services: func(ns string) ([]*corev1.Service, error) {
			if c.broken["services"] {
				return nil, errDown
			}
			return c.services[ns], nil
		},
		PersistentVolumeClaim: func(_ context.Context, _, name string) (*corev1.PersistentVolumeClaim, error) {
			return read(c, "persistentvolumeclaims", name, c.claims)
		},
		PersistentVolume: func(_ context.Context, name string) (*corev1.PersistentVolume, error) {
			return read(c, "persistentvolumes", name, c.volumes)
		},
	}
}

func testCluster() *cluster {
	return &cluster{
		configMaps: map[string]*corev1.ConfigMap{
			"menu": {Data: map[string]string{"DRINK": "coffee", "SIZE": "large", "not-a-name": "x"}, BinaryData: map[string][]byte{"bean.bin": {0, 1}}},
		},
		secrets: map[string]*corev1.Secret{
			"till":           {Data: map[string][]byte{"PIN": []byte("1234"), "KEY": []byte("sesame")}},
			"storage/bucket": {Data: map[string][]byte{"akId": []byte("id")}},
		},
	}
}

func coffeePod() *corev1.Pod {
	return &corev1.Pod{
		ObjectMeta: metav1.ObjectMeta{
			Namespace: "shop", Name: "coffee-1", UID: "uid-1",
			Labels:      map[string]string{"app": "coffee", "tier": "front"},
			Annotations: map[string]string{"note": "say \"hi\"", "line": "a\nb"},
		},
		Spec: corev1.PodSpec{
			NodeName: "ebb-0", ServiceAccountName: "barista",
			EnableServiceLinks: new(bool),
			Containers:         []corev1.Container{{Name: "app", Image: "coffee"}},
		},
	}
}

var testNode = NodeFacts{HostIP: "10.0.0.9"}

// resolved resolves and fails the test on an error.
func resolved(t *testing.T, c *cluster, pod *corev1.Pod, node NodeFacts) (*Resolved, []Note) {
	t.Helper()
	out, notes, err := Resolve(context.Background(), pod, c.getters(), node)
	if err != nil {
		t.Fatal(err)
	}
	return out, notes
}

func literal(pairs ...string) []eci.EnvVar {
	var out []eci.EnvVar
	for i := 0; i < len(pairs); i += 2 {
		out = append(out, eci.EnvVar{Key: pairs[i], Value: pairs[i+1]})
	}
	return out
}

func ptr[T any](v T) *T { return &v }

// problem is an error as a table can compare it.
type problem struct {
	Field     string
	Reason    string // of a PendingError
	Permanent bool
}

func problems(err error) []problem {
	var out []problem
	for _, e := range Problems(err) {
		var pending *PendingError
		var unsupported *UnsupportedError
		switch {
		case errors.As(e, &pending):
			out = append(out, problem{Field: pending.Field, Reason: pending.Reason})
		case errors.As(e, &unsupported):
			out = append(out, problem{Field: unsupported.Field, Permanent: true})
		default:
			out = append(out, problem{Field: "untyped: " + e.Error()})
		}
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
