package market

import (
	"fmt"
	"time"

	"github.com/ebb-node/ebb/eci"
	"github.com/ebb-node/ebb/ecs"
	"github.com/ebb-node/ebb/instancespecs"
)

// sourcePrice is where prices that were asked for come from.
const sourcePrice = "ECI DescribeContainerGroupPrice (https://help.aliyun.com/document_detail/479622.html)"

// typeRecords translates what ECS says.
func typeRecords(types []ecs.InstanceType) []instancespecs.TypeRecord {
	out := make([]instancespecs.TypeRecord, 0, len(types))
	for _, t := range types {
		out = append(out, instancespecs.TypeRecord(t))
	}
	return out
}

// stockRecords translates what ECI says about one type. A type that is sold
// nowhere has no entry in the answer; that is as good as out of stock.
func stockRecords(id string, stock []eci.Stock) []instancespecs.StockRecord {
	var out []instancespecs.StockRecord
	for _, s := range stock {
		if s.Value == id {
			out = append(out, instancespecs.StockRecord{Zone: s.ZoneID, Value: id, Status: s.Status})
		}
	}
	if len(out) == 0 {
		out = append(out, instancespecs.StockRecord{Value: id, Status: "WithoutStock"})
	}
	return out
}

// implausible is how many times the price of its vCPUs and memory an instance
// type may cost at most. The documents show the unit, a second, by an example of
// a size only; an answer per hour would be 3600 times as much, and is refused.
const implausible = 20

// typePrice translates the price of an instance type.
func typePrice(t instancespecs.InstanceType, p eci.Price, known *instancespecs.PriceBook, now time.Time) (instancespecs.PriceRecord, error) {
	r := record(t.ID, p.Trade, p.Currency, now)
	size, ok := known.Size(instancespecs.Size{VCPU: t.VCPU, MemoryGiB: t.MemoryGiB})
	if ok && size.Currency == r.Currency && r.Hourly > implausible*size.Hourly {
		return r, fmt.Errorf("price of %s: %g %s per second is more than %d times that of its vCPUs and memory",
			t.ID, p.Trade, p.Currency, implausible)
	}
	return r, nil
}

// sizePrices translates the price of a size into those of one vCPU and one GiB.
func sizePrices(q eci.PriceQuery, p eci.Price, now time.Time) []instancespecs.PriceRecord {
	var out []instancespecs.PriceRecord
	if cpu := p.Items["cpu"]; cpu > 0 {
		out = append(out, record(instancespecs.KeyVCPU, cpu/q.CPU, p.Currency, now))
	}
	if memory := p.Items["memory"]; memory > 0 {
		out = append(out, record(instancespecs.KeyGiB, memory/q.Memory, p.Currency, now))
	}
	return out
}

// record makes an hourly price of one per second.
func record(key string, perSecond float64, currency string, now time.Time) instancespecs.PriceRecord {
	return instancespecs.PriceRecord{Key: key, Price: instancespecs.Price{
		Hourly: perSecond * time.Hour.Seconds(), Currency: currency, Kind: instancespecs.APIPrice,
		Source: sourcePrice, AsOf: now.UTC().Format(time.DateOnly),
	}}
}
