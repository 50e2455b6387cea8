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

const (
	// quietFor is how long nothing may happen to an idle revision.
	quietFor = 10 * time.Minute
	// unmovedFor is how long after a kill no standard pod may be wanted.
	unmovedFor = 90 * time.Second
)

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

// began is the first moment of a state.
func (s *tide) began(t *testing.T, state string) time.Time {
	t.Helper()
	for _, m := range seen.since(s.reserve()+"/state", time.Time{}) {
		if m.value == state {
			return m.at
		}
	}
	t.Fatalf("%s was never %s", s.revision, state)
	return time.Time{}
}

// TestTenMinutesIdle looks at what happened to a revision without traffic while
// all that the other tests do was done around it, kills included.
func TestTenMinutesIdle(t *testing.T) {
	t.Parallel()
	const settled = 15 * time.Second // events of the last change follow it
	quiet.idle(t, time.Minute)
	from := quiet.began(t, "Reserved").Add(settled)
	until := from.Add(quietFor)
	for _, at := range kills {
		if end := at.Add(unmovedFor); end.After(until) {
			until = end
		}
	}
	testregion.Eventually(t, quietFor+time.Minute, func(context.Context) error {
		if left := time.Until(until); left > 0 {
			return fmt.Errorf("%v are to pass", left)
		}
		return nil
	})
	for victim, at := range kills {
		if at.Before(from) {
			t.Errorf("the %s was killed before the revision was idle", victim)
		}
		if changes := seen.since(quiet.standard()+"/replicas", at); len(changes) > 0 {
			t.Errorf("after the %s was killed standard pods were wanted: %v", victim, changes)
		}
	}
	if changes := story(quiet.revision, from); len(changes) > 0 {
		t.Errorf("%d changes in %v without traffic:\n%s", len(changes), time.Since(from), strings.Join(changes, "\n"))
	}
	t.Logf("idle for %v since %s through %d kills; %s", time.Since(from).Round(time.Second), from.Format("15:04:05"), len(kills), quiet.state())
	if err := quiet.alone(); err != nil {
		t.Error(err)
	}
}
