package reserve_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/ebb-node/ebb/region/internal/testregion"
)

// fragile runs until its ConfigMap changes: a Go program with a limit that cannot
// be read ends at its start.
const fragile = `
apiVersion: v1
kind: ConfigMap
metadata: {name: fragile}
data: {limit: "off"}
---
apiVersion: serving.knative.dev/v1
kind: Service
metadata: {name: fragile}
spec:
  template:
    metadata:
      name: fragile-first
      annotations: {autoscaling.knative.dev/window: 6s}
    spec:
      containers:
        - image: registry.cn-hangzhou.aliyuncs.com/knative-sample/helloworld-go:160e4dc8
          env:
            - {name: TARGET, value: fragile}
            - {name: GOMEMLIMIT, valueFrom: {configMapKeyRef: {name: fragile, key: limit}}}
`

// TestBrokenStandard is that the reserve goes on serving when standard pods crash,
// and that the revision tells of them.
func TestBrokenStandard(t *testing.T) {
	t.Parallel()
	region.Apply(t, fragile)
	t.Cleanup(func() { _, _ = region.TryKubectl("delete", "--wait=false", "ksvc/fragile", "configmap/fragile") })
	service := testregion.Service{Name: "fragile", Target: "fragile", Revision: "fragile-first"}
	region.Kubectl(t, "wait", "--for=condition=Ready", "ksvc/fragile", "--timeout=2m")
	region.Answering(t, region.At(t, service.Host(), "/"), "Hello fragile!")
	s := look(t, service)
	s.idle(t, time.Minute)
	region.Kubectl(t, "patch", "configmap", "fragile", "--patch", `{"data":{"limit":"much"}}`)
	probes := s.steadily(t, "/", 5)
	s.told(t, 4*time.Minute, "StandardPodsNotStarting")
	s.await(t, time.Minute, "told of by Knative", func() error {
		if ready := seen.now(s.revision + "/ready"); ready != "False" {
			return fmt.Errorf("Ready is %q", ready)
		}
		return nil
	})
	testregion.Lossless(t, "standard pods crash", probes.Stop())
	region.Kubectl(t, "patch", "configmap", "fragile", "--patch", `{"data":{"limit":"off"}}`)
	// What runs keeps the environment that it was created with.
	region.Kubectl(t, "delete", "pod", "--wait=false", "-l", "serving.knative.dev/revision="+s.revision)
	probes = s.steadily(t, "/", 5)
	s.back(t, 2*time.Minute)
	testregion.Lossless(t, "standard pods are repaired", probes.Stop())
	s.neverEmpty(t)
}
