package kubelet

import (
	"context"
	"slices"
	"sync"
	"time"

	"github.com/sirupsen/logrus"
	"k8s.io/utils/clock"

	"github.com/ebb-node/ebb/eci"
)

const (
	// usageTTL is how long samples are kept: less than the 15 s at which the
	// service takes them, so that a caller never gets one that is two old.
	usageTTL = 10 * time.Second
	// usageBatch is how many groups one call takes
	// (https://help.aliyun.com/zh/eci/developer-reference/api-eci-2018-08-08-describemulticontainergroupmetric).
	usageBatch = 20
)

// usage holds the last sample of every group, for all who ask within a few
// seconds.
type usage struct {
	cloud Cloud
	clock clock.PassiveClock
	log   logrus.FieldLogger

	mu      sync.Mutex // held while the cloud is asked, so that it is asked once
	at      time.Time
	asked   []string
	samples map[string]eci.MetricRecord
	// nodeCPU is what all groups that were ever seen have used, in core
	// nanoseconds. It never falls, though groups come and go.
	nodeCPU uint64
}

func newUsage(cloud Cloud, c clock.PassiveClock, log logrus.FieldLogger) *usage {
	return &usage{cloud: cloud, clock: c, log: log, samples: map[string]eci.MetricRecord{}}
}

// snapshot is what is known of the groups' use at one time.
type snapshot struct {
	samples map[string]eci.MetricRecord
	nodeCPU uint64
}

// of returns the groups' last samples. A group of which none can be had is
// missing.
func (u *usage) of(ctx context.Context, ids []string) snapshot {
	u.mu.Lock()
	defer u.mu.Unlock()
	ids = slices.Sorted(slices.Values(ids))
	if u.clock.Since(u.at) > usageTTL || !slices.Equal(ids, u.asked) {
		u.refresh(ctx, ids)
		u.at, u.asked = u.clock.Now(), ids
	}
	return snapshot{samples: u.samples, nodeCPU: u.nodeCPU}
}

func (u *usage) refresh(ctx context.Context, ids []string) {
	fresh := make(map[string]eci.MetricRecord, len(ids))
	for batch := range slices.Chunk(ids, usageBatch) {
		u.fetch(ctx, batch, fresh)
	}
	for id, sample := range fresh {
		before, now := u.samples[id].CPU.UsageCoreNanoSeconds, sample.CPU.UsageCoreNanoSeconds
		if now > before {
			u.nodeCPU += now - before
		}
	}
	u.samples = fresh
}

// fetch asks for one batch. A group that spoils its batch is found by halving
// it, so that the others are answered.
func (u *usage) fetch(ctx context.Context, ids []string, into map[string]eci.MetricRecord) {
	found, err := u.cloud.Metrics(ctx, ids)
	if err != nil {
		if len(ids) > 1 && !eci.IsRetryable(err) && ctx.Err() == nil {
			half := len(ids) / 2
			u.fetch(ctx, ids[:half], into)
			u.fetch(ctx, ids[half:], into)
			return
		}
		u.log.WithError(err).WithField("groups", len(ids)).Warn("cannot read the use of container groups")
		for _, id := range ids {
			if old, ok := u.samples[id]; ok {
				into[id] = old
			}
		}
		return
	}
	for id, records := range found {
		if len(records) > 0 {
			into[id] = latest(records)
		}
	}
}

func latest(records []eci.MetricRecord) eci.MetricRecord {
	return slices.MaxFunc(records, func(a, b eci.MetricRecord) int { return a.Timestamp.Compare(b.Timestamp) })
}
