package instancespecs

import (
	"fmt"
	"testing"
	"time"
)

func TestLedgerDoesNotAllocate(t *testing.T) {
	w := newWorker(t, mustType(t, "ecs.t5-lc1m2.small"), Unlimited)
	s := Sample{Time: created}
	if n := testing.AllocsPerRun(1000, func() {
		s.Time = s.Time.Add(15 * time.Second)
		s.UsageCoreNanoSeconds += uint64(10 * time.Second)
		w.Observe(s)
		w.Throttled()
		w.FullSpeedLeft()
		w.TimeToFull(0)
	}); n != 0 {
		t.Errorf("a sample and the predictions after it take %g allocations, want none", n)
	}
	buffer := make([]byte, 0, 512)
	if n := testing.AllocsPerRun(1000, func() { buffer, _ = w.AppendText(buffer[:0]) }); n != 0 {
		t.Errorf("writing the ledger takes %g allocations, want none", n)
	}
}

// Choose allocates nothing but the list that it returns and a copy of the
// request, however large the market is.
func TestChooseAllocatesOnlyItsAnswer(t *testing.T) {
	for name, m := range map[string]*Market{"embedded": mustMarket(t), "large": largeMarket(t, 1000)} {
		for _, specs := range []string{"ecs.t5-lc1m2.small", DefaultReserveSpecs, "1-2Gi"} {
			r := Request{Annotation: AnnotationReserve, Specs: specs}
			if n := testing.AllocsPerRun(1000, func() { _, _ = m.Choose(r) }); n > 2 {
				t.Errorf("%s market, %s: %g allocations, want at most 2", name, specs, n)
			}
		}
	}
}

func BenchmarkObserve(b *testing.B) {
	w := newWorker(b, mustType(b, "ecs.t5-lc1m2.small"), Standard)
	s := Sample{Time: created}
	b.ReportAllocs()
	for b.Loop() {
		s.Time = s.Time.Add(15 * time.Second)
		s.UsageCoreNanoSeconds += uint64(4 * time.Second)
		w.Observe(s)
	}
}

func BenchmarkFullSpeedLeft(b *testing.B) {
	w := newWorker(b, mustType(b, "ecs.t5-lc1m2.small"), Unlimited)
	b.ReportAllocs()
	for b.Loop() {
		w.FullSpeedLeft()
	}
}

func BenchmarkAppendText(b *testing.B) {
	w := newWorker(b, mustType(b, "ecs.t5-lc1m2.small"), Standard)
	w.work(0.37, time.Hour)
	buffer := make([]byte, 0, 512)
	b.ReportAllocs()
	for b.Loop() {
		buffer, _ = w.AppendText(buffer[:0])
	}
}

func BenchmarkChoose(b *testing.B) {
	small := mustMarket(b)
	for name, bench := range map[string]struct {
		market  *Market
		request Request
	}{
		"list":        {small, Request{Annotation: AnnotationReserve}},
		"search":      {small, Request{Annotation: AnnotationReserve, Specs: "1-2Gi", MemoryGiB: 1.5}},
		"sizes":       {small, Request{Annotation: AnnotationUseSpecs, Specs: "2-4Gi,4-8Gi,8-16Gi"}},
		"search 1000": {largeMarket(b, 1000), Request{Annotation: AnnotationReserve, Specs: "1-2Gi", MemoryGiB: 1.5}},
	} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if _, err := bench.market.Choose(bench.request); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// largeMarket has as many types as ECS sells in a large region.
func largeMarket(b testing.TB, n int) *Market {
	b.Helper()
	var records []TypeRecord
	for i := range n {
		records = append(records, TypeRecord{ID: fmt.Sprintf("ecs.c6-%d.large", i), Family: "ecs.c6", VCPU: 2, MemoryGiB: float64(2 + i%64)})
	}
	c, conflicts, err := mustCatalogue(b).Merge(records)
	if err != nil || len(conflicts) > 0 {
		b.Fatal(err, conflicts)
	}
	return NewMarket(c, nil, mustPrices(b, "CNY"))
}
