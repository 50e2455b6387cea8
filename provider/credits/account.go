package credits

import (
	"slices"
	"time"

	corev1 "k8s.io/api/core/v1"

	"github.com/ebb-node/ebb/eci"
	"github.com/ebb-node/ebb/instancespecs"
)

// account is what is kept of one burstable container group.
type account struct {
	pod    *corev1.Pod // as it was seen last
	group  string
	ledger *instancespecs.Ledger
	level  Level // that was told

	asked   time.Time // when a sample was asked for last
	sampled bool      // since it was written
	written time.Time // zero: not by this process
}

// observe books samples of the group, whatever their order.
func (a *account) observe(records []eci.MetricRecord) {
	byTime := func(a, b eci.MetricRecord) int { return a.Timestamp.Compare(b.Timestamp) }
	for _, r := range slices.SortedFunc(slices.Values(records), byTime) {
		if r.Timestamp.IsZero() {
			continue // unreadable
		}
		o := a.ledger.Observe(instancespecs.Sample{Time: r.Timestamp, UsageCoreNanoSeconds: r.CPU.UsageCoreNanoSeconds})
		a.sampled = a.sampled || o == instancespecs.Counted || o == instancespecs.Reset
	}
}

// keepEvery is how often the annotations of a pod are written while no line is
// crossed. It may be long: what was used since then is in the counter. Only a
// sampled pod is written, so that the pace of sampling bounds the writes of a
// whole node, to 20 in 12.5 s.
const keepEvery = 10 * time.Minute

// due reports whether the annotations are to be written with a level.
func (a *account) due(to Level, now time.Time) bool {
	return to != a.level || a.sampled && now.Sub(a.written) >= keepEvery
}
