package mockcloud_test

import (
	"encoding/json"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strconv"
	"testing"
	"time"

	"github.com/ebb-node/ebb/instancespecs"
	"github.com/ebb-node/ebb/mockcloud"
	"github.com/ebb-node/ebb/mockcloud/internal/wire"
)

// fleet are groups of the mock cloud, in the order of their creation, with the
// product's books on them.
type fleet struct {
	ids   []string
	books map[string]*instancespecs.Ledger
}

// TestTheProductsLedgerAgreesOverTheWire feeds ledgers from metric calls, while
// groups of every burstable type burn, rest and restart, and compares them with
// the cloud's own books at every sample.
func TestTheProductsLedgerAgreesOverTheWire(t *testing.T) {
	const hours, period = 48, 30 * time.Second
	b := newBench(t, mockcloud.Config{})
	rng := rand.New(rand.NewPCG(3, 1))
	f := b.burners(rng)
	worst, samples, restarts, held, restarted := 0.0, 0, 0, 0, false
	for range hours * time.Hour / period {
		b.server.Advance(period)
		if !restarted && rng.IntN(4) == 0 {
			continue // a sample that nobody takes
		}
		samples += b.observe(f)
		// A group about once in two days. What it used since the last sample is
		// then known to nobody, so that there is one just before and after.
		if restarted = rng.IntN(150) == 0; restarted {
			b.restart(f.ids[rng.IntN(len(f.ids))])
			restarts++
		}
		for _, c := range b.server.Credits() {
			l := f.books[c.ContainerGroupID]
			off := math.Abs(l.Balance().Total()-c.Balance) / l.Type().MaxBalance
			if c.Throttled {
				held++
			}
			if worst = max(worst, off); off > 0.01 {
				t.Fatalf("%s at %v: the ledger has %.2f credits, the cloud %.2f, cap %g",
					c.InstanceType, b.server.Now(), l.Balance().Total(), c.Balance, l.Type().MaxBalance)
			}
		}
	}
	t.Logf("%d groups for %d hours, %d samples, %d of them throttled, %d restarts; at worst %.3f %% of the cap apart",
		len(f.ids), hours, samples, held, restarts, 100*worst)
	if samples < 50_000 || held < 1000 || restarts < 20 {
		t.Error("too little happens for this to prove much")
	}
}

// burners are groups of every burstable type: one container idles for ever, the
// others work at some rate and end after some time.
func (b bench) burners(rng *rand.Rand) fleet {
	b.Helper()
	catalogue, err := instancespecs.DefaultCatalogue()
	if err != nil {
		b.Fatal(err)
	}
	f := fleet{books: map[string]*instancespecs.Ledger{}}
	for typ := range catalogue.All() {
		if !typ.Burstable {
			continue
		}
		params := []string{"InstanceType", typ.ID, "RestartPolicy", "Never"}
		for i := range 3 {
			name := fmt.Sprintf("Container.%d.", i+2)
			load := strconv.FormatFloat(rng.Float64()*typ.VCPU/3, 'f', 3, 64)
			params = append(params, name+"Name", fmt.Sprint("work", i), name+"Image", "x",
				name+"EnvironmentVar.1.Key", "MOCK_CPU", name+"EnvironmentVar.1.Value", load,
				name+"Command.1", "/exit", name+"Command.2", "0", name+"Command.3", fmt.Sprintf("%dm", 5+rng.IntN(600)))
		}
		id := b.create(params...)
		f.ids = append(f.ids, id)
		if f.books[id], err = instancespecs.NewLedger(typ, instancespecs.Standard, b.server.Now()); err != nil {
			b.Fatal(err)
		}
	}
	return f
}

// observe feeds every ledger with the newest sample, and counts them.
func (b bench) observe(f fleet) (samples int) {
	b.Helper()
	for ids := range slices.Chunk(f.ids, 20) {
		list, _ := json.Marshal(ids)
		answer := call[struct{ MonitorDatas []metric }](b, "DescribeMultiContainerGroupMetric", wire.Params{"ContainerGroupIds": string(list)})
		for _, m := range answer.MonitorDatas {
			for _, r := range m.Records {
				at, err := time.Parse(time.RFC3339, r.Timestamp)
				if err != nil {
					b.Fatal(err)
				}
				samples++
				f.books[m.ContainerGroupId].Observe(instancespecs.Sample{Time: at, UsageCoreNanoSeconds: uint64(r.CPU.UsageCoreNanoSeconds)})
			}
		}
	}
	return samples
}

// restart starts a group's containers anew, and with them its CPU counter.
func (b bench) restart(id string) {
	b.Helper()
	call[struct{}](b, "RestartContainerGroup", wire.Params{"ContainerGroupId": id})
	for deadline := time.Now().Add(10 * time.Second); b.group(id).Status != "Running"; {
		if time.Now().After(deadline) {
			b.Fatalf("group %s is still %s", id, b.group(id).Status)
		}
		b.server.Advance(time.Second)
	}
}
