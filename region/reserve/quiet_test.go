package reserve_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/ebb-node/ebb/region/internal/testregion"
)

// quietFor is how long nothing may happen to an idle revision.
const quietFor = 10 * time.Minute

// quiet is a Service that nobody asks anything, from the region's first minute on.
var quiet = tide{
	Service:  testregion.Service{Name: "quiet", Target: "quiet", Revision: "quiet-first", Template: shortWindow},
	revision: "quiet-first",
}

const quietYAML = `
apiVersion: serving.knative.dev/v1
kind: Service
metadata: {name: quiet}
spec:
  template:
    metadata:
      name: quiet-first
      annotations: {autoscaling.knative.dev/window: 6s}
    spec:
      containers: [{image: "registry.cn-hangzhou.aliyuncs.com/knative-sample/helloworld-go:160e4dc8", env: [{name: TARGET, value: quiet}]}]
`

func beginQuiet() error {
	file := filepath.Join(region.Root, "quiet.yaml")
	if err := os.WriteFile(file, []byte(quietYAML), 0o600); err != nil {
		return err
	}
	_, err := region.TryKubectl("apply", "-f", file)
	return err
}

// TestTenMinutesIdle looks at what happened to a revision without traffic while
// all that the other tests do was done around it, kills included.
func TestTenMinutesIdle(t *testing.T) {
	t.Parallel()
	const settled = 15 * time.Second // events of the last change follow it
	quiet.idle(t, time.Minute)
	began := seen.since(quiet.reserve()+"/state", time.Time{})
	from := began[len(began)-1].at.Add(settled)
	testregion.Eventually(t, quietFor+time.Minute, func(context.Context) error {
		if passed := time.Since(from); passed < quietFor {
			return fmt.Errorf("%v of %v have passed", passed, quietFor)
		}
		return nil
	})
	if changes := story(quiet.revision, from); len(changes) > 0 {
		t.Errorf("%d changes in %v without traffic:\n%s", len(changes), time.Since(from), strings.Join(changes, "\n"))
	}
	t.Logf("idle for %v since %s, no change; %s", time.Since(from).Round(time.Second), from.Format("15:04:05"), quiet.state())
	if err := quiet.alone(); err != nil {
		t.Error(err)
	}
}
