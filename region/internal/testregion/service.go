package testregion

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"text/template"
	"time"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/ebb-node/ebb/region/internal/load"
)

// Service is a Knative Service of the coffee shop's program.
type Service struct {
	Name     string
	Target   string // whom it greets
	Revision string // name of the revision; empty: Knative chooses
	// Annotations of the Service and of the revision.
	Annotations, Template map[string]string
	// Image other than the coffee shop's.
	Image string
}

var serviceTemplate = template.Must(template.New("").Parse(`
apiVersion: serving.knative.dev/v1
kind: Service
metadata:
  name: {{.Name}}
  annotations: {{"{"}}{{range $k, $v := .Annotations}}{{printf "%q: %q, " $k $v}}{{end}}{{"}"}}
spec:
  template:
    metadata:
      {{with .Revision}}name: {{.}}{{end}}
      annotations: {{"{"}}{{range $k, $v := .Template}}{{printf "%q: %q, " $k $v}}{{end}}{{"}"}}
    spec:
      containers:
        - image: {{or .Image "registry.cn-hangzhou.aliyuncs.com/knative-sample/helloworld-go:160e4dc8"}}
          env: [{name: TARGET, value: {{.Target}}}]
`))

func (s Service) yaml(t *testing.T) string {
	t.Helper()
	var text strings.Builder
	if err := serviceTemplate.Execute(&text, s); err != nil {
		t.Fatal(err)
	}
	return text.String()
}

// Host that Knative gives the Service.
func (s Service) Host() string { return s.Name + ".default.example.com" }

// Serve brings a Service to the cluster and waits until it is ready as it
// now is. The test's end deletes it.
func (r *Region) Serve(t *testing.T, s Service) {
	t.Helper()
	r.Apply(t, s.yaml(t))
	t.Cleanup(func() { _, _ = r.TryKubectl("delete", "ksvc", s.Name, "--ignore-not-found", "--wait=false") })
	Eventually(t, time.Minute, func(context.Context) error { return r.serviceReady(s.Name) })
}

// Share changes the percents of the revisions, and waits until that is so.
func (r *Region) Share(t *testing.T, s Service, percents map[string]int) {
	t.Helper()
	r.BeginShare(t, s, percents)
	Eventually(t, time.Minute, func(context.Context) error { return r.serviceReady(s.Name) })
}

// BeginShare asks for other percents of the revisions, and waits for nothing.
func (r *Region) BeginShare(t *testing.T, s Service, percents map[string]int) {
	t.Helper()
	var traffic []map[string]any
	for revision, percent := range percents {
		traffic = append(traffic, map[string]any{"revisionName": revision, "percent": percent})
	}
	patch, err := json.Marshal(map[string]any{"spec": map[string]any{"traffic": traffic}})
	if err != nil {
		t.Fatal(err)
	}
	r.Kubectl(t, "patch", "ksvc", s.Name, "--type=merge", "--patch="+string(patch))
}

// serviceReady is nil when a Service's newest generation is.
func (r *Region) serviceReady(name string) error {
	shown, err := r.TryKubectl("get", "ksvc", name, "-o",
		`jsonpath={.metadata.generation} {.status.observedGeneration} {.status.conditions[?(@.type=="Ready")].status} {.status.conditions}`)
	if err != nil {
		return err
	}
	if f := strings.Fields(shown); len(f) < 3 || f[0] != f[1] || f[2] != "True" {
		return fmt.Errorf("ksvc %s is not ready: %s", name, shown)
	}
	return nil
}

// Apply gives objects to kubectl.
func (r *Region) Apply(t *testing.T, text string) {
	t.Helper()
	file := filepath.Join(t.TempDir(), "objects.yaml")
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	r.Kubectl(t, "apply", "-f", file)
}

// Gateway is the address of the internet load balancer.
func (r *Region) Gateway(t *testing.T) string {
	t.Helper()
	address := ""
	Eventually(t, time.Minute, func(ctx context.Context) error {
		service, err := r.Kube.CoreV1().Services("knative-serving").Get(ctx, "ingress-gateway", metav1.GetOptions{})
		if err != nil {
			return err
		}
		if len(service.Status.LoadBalancer.Ingress) == 0 {
			return fmt.Errorf("service ingress-gateway has no address")
		}
		address = service.Status.LoadBalancer.Ingress[0].IP
		return nil
	})
	return address
}

// At is a path of a host behind the internet load balancer.
func (r *Region) At(t *testing.T, host, path string) load.Target {
	t.Helper()
	return load.Target{URL: "http://" + r.Gateway(t) + path, Host: host}
}

// Lossless is an error unless every request was answered.
func Lossless(t *testing.T, during string, report load.Report) {
	t.Helper()
	t.Logf("%s: %s", during, &report)
	if report.Failed > 0 || report.Requests == 0 {
		t.Errorf("%s: %d of %d requests failed", during, report.Failed, report.Requests)
	}
}

// Answering waits until a target gives an answer.
func (r *Region) Answering(t *testing.T, target load.Target, want string) {
	t.Helper()
	Eventually(t, 30*time.Second, func(ctx context.Context) error {
		report := load.For(ctx, 50*time.Millisecond, r.HTTP(), target, load.Shape{InFlight: 1})
		if report.Answers[want] == 0 {
			return fmt.Errorf("%s%s answers %v: %s", target.Host, target.URL, report.Answers, &report)
		}
		return nil
	})
}
