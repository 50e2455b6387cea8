package eci

import (
	"encoding/csv"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/ebb-node/ebb/instancespecs/data"
	"github.com/ebb-node/ebb/mockcloud/rpc"
)

// currency is that of the Chinese site.
const currency = "CNY"

// prices are per hour, by instance type or resource.
type prices map[string]float64

// defaultPrices reads the embedded prices.
func defaultPrices() (prices, error) {
	reader := csv.NewReader(strings.NewReader(data.Prices))
	reader.Comment = '#'
	rows, err := reader.ReadAll()
	if err != nil || len(rows) == 0 {
		return nil, fmt.Errorf("price list: %w", err)
	}
	key, in, hourly := slices.Index(rows[0], "key"), slices.Index(rows[0], "currency"), slices.Index(rows[0], "hourly")
	if key < 0 || in < 0 || hourly < 0 {
		return nil, fmt.Errorf("price list: columns key, currency and hourly are needed")
	}
	list := prices{}
	for _, row := range rows[1:] {
		if row[in] != currency {
			continue
		}
		if list[row[key]], err = strconv.ParseFloat(row[hourly], 64); err != nil {
			return nil, fmt.Errorf("price list: %s has no numeric price", row[key])
		}
	}
	return list, nil
}

// ofSize are the hourly prices of a size's vCPU and memory.
func (p prices) ofSize(s size, category string) (cpu, memory float64) {
	unit := p["eci.vcpu"]
	if category == economy {
		unit = p["eci.vcpu.economy"]
	}
	return s.cpu * unit, s.memory * p["eci.gib"]
}

// ofType is the hourly price of an instance type. One without a published price
// costs what its vCPU and memory cost.
func (p prices) ofType(name string, s size) float64 {
	if listed, ok := p[name]; ok {
		return listed
	}
	cpu, memory := p.ofSize(s, "")
	return cpu + memory
}

const economy = "economy"

type priceRequest struct {
	Cpu              float64 `rpc:",required"`
	Memory           float64 `rpc:",required"`
	InstanceType     string
	ZoneId           string
	SpotStrategy     string
	SpotPriceLimit   float64
	SpotDuration     int
	EphemeralStorage int
	ComputeCategory  string
}

type priceAnswer struct{ PriceInfo priceInfoView }

type priceInfoView struct {
	Price      priceView
	Rules      struct{ Rule []struct{} }
	SpotPrices struct{ SpotPrice []struct{} }
}

type priceView struct {
	Currency      string
	TradePrice    float64 // per second
	OriginalPrice float64
	DiscountPrice float64
	DetailInfos   struct{ DetailInfo []priceDetailView }
}

type priceDetailView struct {
	Resource      string
	TradePrice    float64
	OriginalPrice float64
	DiscountPrice float64
	Rules         struct{ Rule []struct{} }
}

// describePrice is DescribeContainerGroupPrice. It has no spot prices: what a
// market would pay is in no document.
func (s *Service) describePrice(_ *rpc.Call, r *priceRequest) (any, error) {
	err := firstError(
		oneOf("SpotStrategy", r.SpotStrategy, "NoSpot", "SpotWithPriceLimit", "SpotAsPriceGo"),
		oneOf("ComputeCategory", r.ComputeCategory, economy))
	if err != nil {
		return nil, err
	}
	if r.InstanceType != "" {
		of, known := instanceType(s.types, r.InstanceType)
		if !known {
			return nil, rpc.Errorf(http.StatusBadRequest, "InvalidInstanceTypeForEciBuy",
				"The instance type %s is not one that ECI offers.", r.InstanceType)
		}
		return priceOf(map[string]float64{"instanceType": s.prices.ofType(r.InstanceType, of)}), nil
	}
	rounded, err := roundUp(size{r.Cpu, r.Memory}, false)
	if err != nil {
		return nil, err
	}
	cpu, memory := s.prices.ofSize(rounded, r.ComputeCategory)
	return priceOf(map[string]float64{"cpu": cpu, "memory": memory}), nil
}

// priceOf answers hourly prices per second, as the API does
// (https://help.aliyun.com/document_detail/479622.html).
func priceOf(hourly map[string]float64) priceAnswer {
	v := priceView{Currency: currency}
	for _, name := range []string{"cpu", "memory", "instanceType"} {
		if price := hourly[name] / 3600; price > 0 {
			v.TradePrice += price
			v.OriginalPrice += price
			v.DetailInfos.DetailInfo = append(v.DetailInfos.DetailInfo,
				priceDetailView{Resource: name, TradePrice: price, OriginalPrice: price})
		}
	}
	return priceAnswer{PriceInfo: priceInfoView{Price: v}}
}
