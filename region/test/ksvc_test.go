package test

import (
	"context"
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

// ksvc is a Knative Service of the coffee shop's program.
type ksvc struct {
	Name     string
	Target   string // whom it greets
	Revision string // name of the revision; empty: Knative chooses
	// Annotations of the Service and of the revision.
	Annotations, Template map[string]string
	// Image other than the coffee shop's.
	Image string
}

var ksvcTemplate = template.Must(template.New("").Parse(`
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

func (s ksvc) yaml(t *testing.T) string {
	t.Helper()
	var text strings.Builder
	if err := ksvcTemplate.Execute(&text, s); err != nil {
		t.Fatal(err)
	}
	return text.String()
}

// host that Knative gives the Service.
func (s ksvc) host() string { return s.Name + ".default.example.com" }

// apply brings the Service to the cluster and waits until it is ready as it
// now is. The test's end deletes it.
func (s ksvc) apply(t *testing.T) {
	t.Helper()
	applyText(t, s.yaml(t))
	t.Cleanup(func() { _, _ = region.tryKubectl("delete", "ksvc", s.Name, "--ignore-not-found", "--wait=false") })
	eventually(t, time.Minute, func(context.Context) error { return s.ready() })
}

// share changes the percents of the revisions, and waits until that is so.
func (s ksvc) share(t *testing.T, percents map[string]int) {
	t.Helper()
	var traffic []map[string]any
	for revision, percent := range percents {
		traffic = append(traffic, map[string]any{"revisionName": revision, "percent": percent})
	}
	patch := mustJSON(t, map[string]any{"spec": map[string]any{"traffic": traffic}})
	region.kubectl(t, "patch", "ksvc", s.Name, "--type=merge", "--patch="+patch)
	eventually(t, time.Minute, func(context.Context) error { return s.ready() })
}

// ready is nil when the Service's newest generation is.
func (s ksvc) ready() error {
	shown, err := region.tryKubectl("get", "ksvc", s.Name, "-o",
		`jsonpath={.metadata.generation} {.status.observedGeneration} {.status.conditions[?(@.type=="Ready")].status} {.status.conditions}`)
	if err != nil {
		return err
	}
	if f := strings.Fields(shown); len(f) < 3 || f[0] != f[1] || f[2] != "True" {
		return fmt.Errorf("ksvc %s is not ready: %s", s.Name, shown)
	}
	return nil
}

// applyText gives objects to kubectl.
func applyText(t *testing.T, text string) {
	t.Helper()
	file := filepath.Join(t.TempDir(), "objects.yaml")
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	region.kubectl(t, "apply", "-f", file)
}

// gateway is the address of the internet load balancer.
func gateway(t *testing.T) string {
	t.Helper()
	address := ""
	eventually(t, time.Minute, func(ctx context.Context) error {
		service, err := region.kube.CoreV1().Services("knative-serving").Get(ctx, "ingress-gateway", metav1.GetOptions{})
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

// at is a path of a host behind the internet load balancer.
func at(t *testing.T, host, path string) load.Target {
	t.Helper()
	return load.Target{URL: "http://" + gateway(t) + path, Host: host}
}

// lossless is an error unless every request was answered.
func lossless(t *testing.T, during string, report load.Report) {
	t.Helper()
	t.Logf("%s: %s", during, &report)
	if report.Failed > 0 || report.Requests == 0 {
		t.Errorf("%s: %d of %d requests failed", during, report.Failed, report.Requests)
	}
}

// answering waits until a target gives an answer.
func answering(t *testing.T, target load.Target, want string) {
	t.Helper()
	eventually(t, 30*time.Second, func(ctx context.Context) error {
		report := load.For(ctx, 50*time.Millisecond, region.HTTP(), target, load.Shape{InFlight: 1})
		if report.Answers[want] == 0 {
			return fmt.Errorf("%s%s answers %v: %s", target.Host, target.URL, report.Answers, &report)
		}
		return nil
	})
}
