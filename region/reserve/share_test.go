package reserve_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/ebb-node/ebb/region/internal/load"
	"github.com/ebb-node/ebb/region/internal/testregion"
)

// TestTwoRevisions is two revisions that share the traffic: each scales by its
// share and has its own reserve, until it gets no traffic any more.
func TestTwoRevisions(t *testing.T) {
	t.Parallel()
	service := testregion.Service{Name: "blend", Target: "old", Revision: "blend-old", Template: shortWindow}
	region.Serve(t, service)
	old := look(t, service)
	service.Target, service.Revision = "new", "blend-new"
	region.Serve(t, service)
	fresh := look(t, service)
	region.Share(t, service, map[string]int{"blend-old": 70, "blend-new": 30})

	old.idle(t, 2*time.Minute)
	fresh.idle(t, 2*time.Minute)
	from := time.Now()
	report := load.For(t.Context(), 30*time.Second, region.HTTP(), old.at(t, "/?sleep=100"), load.Shape{InFlight: 60})
	testregion.Lossless(t, "70/30", report)
	most := map[*tide]int{old: mostReady(old, from), fresh: mostReady(fresh, from)}
	share := report.Share("Hello old!")
	t.Logf("%.1f %% were answered by the old revision; at most %d and %d pods", share, most[old], most[fresh])
	if share < 65 || share > 75 || most[old] <= most[fresh] || most[fresh] == 0 {
		t.Error("want 70 %, and the pods by it")
	}
	old.idle(t, 2*time.Minute)
	fresh.idle(t, 2*time.Minute)

	region.Share(t, service, map[string]int{"blend-new": 100})
	old.await(t, 2*time.Minute, "retired", func() error {
		left, err := region.TryKubectl("get", "deployments,replicasets,pods", "-l", labelReserve+"="+old.revision, "-o", "name")
		if err == nil && strings.TrimSpace(left) != "" {
			err = fmt.Errorf("left are %s", left)
		}
		return err
	})
	if err := fresh.alone(); err != nil {
		t.Error(err)
	}
	linger(t, followed)
	fresh.first(t, "/after")
	fresh.neverEmpty(t)
}

// mostReady is how many standard pods were ready at once since a time.
func mostReady(s *tide, from time.Time) (most int) {
	for _, m := range seen.since(s.standard()+"/ready", from) {
		var n int
		if _, err := fmt.Sscan(m.value, &n); err == nil {
			most = max(most, n)
		}
	}
	return most
}
