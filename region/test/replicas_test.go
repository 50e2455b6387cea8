package test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	appsv1 "k8s.io/api/apps/v1"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"sigs.k8s.io/yaml"

	"github.com/ebb-node/ebb/region/internal/cluster"
	"github.com/ebb-node/ebb/region/internal/load"
	"github.com/ebb-node/ebb/region/internal/testregion"
)

// TestReplicasHandOver runs ebb's gateway as manifests/deployment.yaml has it, two
// replicas that elect a leader, in the mode in which every request goes through
// them. They are rolled out, and their leader is deleted, under customers.
func TestReplicasHandOver(t *testing.T) {
	r, err := newRegion("--ebb-flag=--gateway=false", "--ebb-flag=--reserve=false")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := r.end(syscall.SIGTERM); err != nil {
			t.Error(err)
		}
	})
	r.deployEbb(t)
	steady := testregion.Service{Name: "steady", Target: "first", Template: map[string]string{"autoscaling.knative.dev/min-scale": "1"}}
	r.Serve(t, steady)
	target := r.At(t, steady.Host(), "/")
	r.Answering(t, target, "Hello first!")

	for _, change := range []struct {
		what string
		act  func()
	}{
		{"rollout of ebb", func() {
			r.kubectl(t, "-n", "ebb-system", "rollout", "restart", "deployment/ebb")
			r.rolledOut(t)
		}},
		{"the leader is deleted", func() {
			r.kubectl(t, "-n", "ebb-system", "delete", "pod", r.leader(t))
			r.rolledOut(t)
		}},
		{"a Service changes after that", func() {
			steady.Target = "second"
			r.Serve(t, steady)
			r.Answering(t, target, "Hello second!")
		}},
	} {
		customers := load.Start(t.Context(), r.HTTP(), target, load.Shape{PerSecond: steadily})
		change.act()
		linger(t, 5*time.Second)
		testregion.Lossless(t, change.what, customers.Stop())
	}
}

// deployEbb applies ebb's Deployment with the region's values in place of those
// that are to be filled in.
func (r *testRegion) deployEbb(t *testing.T) {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(r.Source, "manifests/deployment.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	var d appsv1.Deployment
	if err := yaml.UnmarshalStrict(text, &d); err != nil {
		t.Fatal(err)
	}
	r.fillIn(t, &d)
	if _, err := r.kube.AppsV1().Deployments(d.Namespace).Create(t.Context(), &d, metav1.CreateOptions{}); err != nil {
		t.Fatal(err)
	}
	// The region's own Service has the process beside the cluster as its endpoint.
	r.kubectl(t, "-n", "ebb-system", "delete", "service,endpointslice", "--all")
	r.kubectl(t, "apply", "-f", filepath.Join(r.Source, "manifests/knative/service.yaml"))
	r.rolledOut(t)
}

// fillIn are the region's cloud, and the node beside ebb's own on which its pods
// run: here all nodes are virtual.
func (r *testRegion) fillIn(t *testing.T, d *appsv1.Deployment) {
	t.Helper()
	key, err := os.ReadFile(r.AccessKey())
	if err != nil {
		t.Fatal(err)
	}
	secret := &corev1.Secret{ObjectMeta: metav1.ObjectMeta{Name: "ebb-cloud-key"}, StringData: map[string]string{}}
	for _, line := range strings.Fields(string(key)) {
		name, value, _ := strings.Cut(line, "=")
		secret.StringData[name] = value
	}
	authority, err := os.ReadFile(r.PKI("ca.crt"))
	if err != nil {
		t.Fatal(err)
	}
	trusted := &corev1.ConfigMap{ObjectMeta: metav1.ObjectMeta{Name: "cloud-ca"}, Data: map[string]string{"ca.crt": string(authority)}}
	if _, err := r.kube.CoreV1().Secrets(d.Namespace).Create(t.Context(), secret, metav1.CreateOptions{}); err != nil {
		t.Fatal(err)
	}
	if _, err := r.kube.CoreV1().ConfigMaps(d.Namespace).Create(t.Context(), trusted, metav1.CreateOptions{}); err != nil {
		t.Fatal(err)
	}
	// On ECI what it asks for is all that it gets.
	d.Spec.Template.Annotations = map[string]string{"k8s.aliyun.com/eci-use-specs": "2-4Gi"}
	pod := &d.Spec.Template.Spec
	pod.Affinity = nil
	pod.Volumes = append(pod.Volumes, corev1.Volume{Name: "cloud-ca", VolumeSource: corev1.VolumeSource{
		ConfigMap: &corev1.ConfigMapVolumeSource{LocalObjectReference: corev1.LocalObjectReference{Name: "cloud-ca"}},
	}})
	ebb := &pod.Containers[0]
	ebb.Image = "docker.io/ebb-node/ebb:region"
	ebb.VolumeMounts = append(ebb.VolumeMounts, corev1.VolumeMount{Name: "cloud-ca", MountPath: "/cloud"})
	ebb.Env = append(ebb.Env, corev1.EnvVar{Name: "SSL_CERT_FILE", Value: "/cloud/ca.crt"})
	ebb.Args = slices.DeleteFunc(ebb.Args, func(arg string) bool {
		// To be filled in, or the pod's address: ECI cannot put that into arguments.
		return strings.HasSuffix(arg, "=") || strings.Contains(arg, "$(POD_IP)")
	})
	// ECI keeps the kubelet's port for itself.
	ebb.Ports = slices.DeleteFunc(ebb.Ports, func(p corev1.ContainerPort) bool { return p.Name == "kubelet" })
	// The last of a flag counts.
	ebb.Args = append(ebb.Args,
		"--node-name=gate", "--node-ip="+cluster.NodeIP, "--kubelet-port=10260", "--region="+cluster.Region, "--vswitch="+cluster.VSwitch, "--security-group="+cluster.SecurityGroup,
		"--cluster-id=region", "--cluster-dns="+cluster.DNSIP, "--gateway-mode=relay", "--reserve=false",
		"--eci-endpoint=https://"+cluster.Cloud, "--ecs-endpoint=https://"+cluster.Cloud, "--slb-endpoint=https://"+cluster.Cloud)
}

// rolledOut waits until the new replicas are ready and the old ones are gone.
func (r *testRegion) rolledOut(t *testing.T) {
	t.Helper()
	if _, err := r.tryKubectl("-n", "ebb-system", "rollout", "status", "deployment/ebb", "--timeout=60s"); err != nil {
		pods, _ := r.tryKubectl("-n", "ebb-system", "describe", "pods")
		said, _ := r.tryKubectl("-n", "ebb-system", "logs", "deployment/ebb", "--tail=20")
		t.Fatalf("%v\n%s\n%s", err, pods, said)
	}
	eventually(t, time.Minute, func(context.Context) error {
		names, err := r.tryKubectl("-n", "ebb-system", "get", "pods", "-o", "name")
		if n := len(strings.Fields(names)); err != nil || n != 2 {
			return fmt.Errorf("%d pods, want 2: %s, %w", n, names, err)
		}
		return nil
	})
}

// leader is the pod that holds the lease of the gateway.
func (r *testRegion) leader(t *testing.T) string {
	t.Helper()
	holder := r.kubectl(t, "-n", "ebb-system", "get", "lease", "ebb-gate", "-o", "jsonpath={.spec.holderIdentity}")
	name, _, _ := strings.Cut(holder, "_")
	pods := strings.Fields(r.kubectl(t, "-n", "ebb-system", "get", "pods", "-o", "jsonpath={.items[*].metadata.name}"))
	if !slices.Contains(pods, name) {
		t.Fatalf("%s leads, which is none of %v", holder, pods)
	}
	return name
}
