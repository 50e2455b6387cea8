package cli

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	appsv1 "k8s.io/api/apps/v1"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/client-go/kubernetes/fake"

	"github.com/ebb-node/ebb/reserve/decide"
	"github.com/ebb-node/ebb/reserve/record"
	"github.com/ebb-node/ebb/reserve/shape"
)

// run is what a command line prints.
func run(args ...string) (string, error) {
	var out bytes.Buffer
	cmd := Command()
	cmd.SetArgs(args)
	cmd.SetOut(&out)
	cmd.SetErr(&out)
	cmd.SilenceUsage, cmd.SilenceErrors = true, true
	err := cmd.Execute()
	return out.String(), err
}

func write(t *testing.T, name, text string) string {
	t.Helper()
	file := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return file
}

func TestSimulate(t *testing.T) {
	trace := write(t, "day.csv", "minute,requests\n5,3\n100,1\n")
	plot := filepath.Join(t.TempDir(), "day.svg")
	out, err := run("simulate", "--trace", trace, "--plot", plot)
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"always on", "scale to zero", "reserve", "CNY", "COLD STARTS"} {
		if !strings.Contains(out, want) {
			t.Errorf("output lacks %q:\n%s", want, out)
		}
	}
	image, err := os.ReadFile(plot)
	if err != nil || !bytes.Contains(image, []byte("<svg")) {
		t.Errorf("the plot is no SVG: %v", err)
	}
}

func TestSimulateWithOtherPrices(t *testing.T) {
	trace := write(t, "day.csv", "minute,requests\n5,3\n")
	prices := write(t, "prices.csv", "key,currency,hourly,kind,as_of,source\necs.t6-c1m1.large,CNY,0.2,api,2026-03-01,a bill\n")
	if _, err := run("simulate", "--trace", trace, "--reserve-spec", "ecs.t6-c1m1.large"); err == nil || !strings.Contains(err.Error(), "ecs.t6-c1m1.large") {
		t.Errorf("error %v; want one about the price", err)
	}
	if _, err := run("simulate", "--trace", trace, "--reserve-spec", "ecs.t6-c1m1.large", "--prices", prices); err != nil {
		t.Error(err)
	}
}

func TestSimulateSaysWhatIsWrong(t *testing.T) {
	trace := write(t, "day.csv", "minute,requests\n5,3\n")
	for _, c := range []struct {
		args []string
		want string
	}{
		{nil, "office-hours"},
		{[]string{"--trace", "nowhere.csv"}, "--trace"},
		{[]string{"--trace", write(t, "bad.csv", "x,y\n1,2\n")}, "first line"},
		{[]string{"--trace", trace, "--currency", "EUR"}, "--currency"},
		{[]string{"--trace", trace, "--prices", "nowhere.csv"}, "--prices"},
		{[]string{"--trace", trace, "--takes", "0s"}, "--takes"},
		{[]string{"--trace", trace, "--cpu", "-1"}, "--cpu"},
		{[]string{"--trace", trace, "--target", "0"}, "--target"},
		{[]string{"--trace", trace, "--window", "1s"}, "--window"},
		{[]string{"--trace", trace, "--plot", "/nowhere/x.svg"}, "--plot"},
	} {
		if _, err := run(append([]string{"simulate"}, c.args...)...); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%v: error %v; want %q in it", c.args, err, c.want)
		}
	}
}

func TestStatus(t *testing.T) {
	now := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	labels := map[string]string{shape.LabelReserve: "uid-1", shape.LabelOf: "coffee-00001", "serving.knative.dev/service": "coffee"}
	kube := fake.NewClientset(
		&appsv1.Deployment{ObjectMeta: metav1.ObjectMeta{
			Name: "coffee-00001-deployment-reserve", Namespace: "shop", Labels: labels,
			Annotations: record.Write(record.Record{Memory: decide.Memory{State: decide.Reserved, Since: now.Add(-time.Hour)}}),
		}},
		&appsv1.Deployment{ObjectMeta: metav1.ObjectMeta{Name: "coffee-00001-deployment", Namespace: "shop"}},
		&corev1.Pod{ObjectMeta: metav1.ObjectMeta{Name: "x", Namespace: "shop", Labels: labels, Annotations: map[string]string{"k8s.aliyun.com/eci-instance-spec": "ecs.t5-lc1m2.small"}}},
	)
	for _, c := range []struct{ namespace, service, want string }{
		{"shop", "", "coffee-00001   Reserved   1h0m"},
		{"shop", "coffee", "ecs.t5-lc1m2.small"},
		{"", "", "NAMESPACE   REVISION"},
		{"other", "", "No revision has a reserve."},
	} {
		var out bytes.Buffer
		if err := showStatus(t.Context(), &out, kube, c.namespace, c.service, now); err != nil {
			t.Fatal(err)
		}
		if !strings.Contains(out.String(), c.want) {
			t.Errorf("namespace %q, service %q: output lacks %q:\n%s", c.namespace, c.service, c.want, out.String())
		}
	}
	err := showStatus(t.Context(), &bytes.Buffer{}, kube, "shop", "tea", now)
	if err == nil || !strings.Contains(err.Error(), `"tea"`) {
		t.Errorf("error %v; want one that names the service", err)
	}
}

func TestStatusFindsTheCluster(t *testing.T) {
	config := write(t, "config", `{apiVersion: v1, kind: Config, current-context: c,
contexts: [{name: c, context: {cluster: k, namespace: shop}}], clusters: [{name: k, cluster: {server: "http://127.0.0.1:1"}}]}`)
	o := statusOptions{kubeconfig: config}
	for _, c := range []struct {
		change func(*statusOptions)
		want   string
	}{
		{func(*statusOptions) {}, "shop"},
		{func(o *statusOptions) { o.namespace = "bar" }, "bar"},
		{func(o *statusOptions) { o.all = true }, metav1.NamespaceAll},
	} {
		o := o
		c.change(&o)
		if _, got, err := o.connect(); err != nil || got != c.want {
			t.Errorf("namespace %q, %v; want %q", got, err, c.want)
		}
	}
	o.kubeconfig = filepath.Join(t.TempDir(), "nowhere")
	if _, _, err := o.connect(); err == nil || !strings.Contains(err.Error(), "API server") {
		t.Errorf("error %v", err)
	}
}
