package eci

import (
	"context"
	"encoding/json"
	"fmt"

	"github.com/ebb-node/ebb/alicloud"
)

// PriceQuery names what to price: an ECS instance type, or a size. With an
// instance type the size counts no more, but the API wants one all the same
// (https://help.aliyun.com/document_detail/479622.html).
type PriceQuery struct {
	InstanceType string
	CPU          float64 // vCPU
	Memory       float64 // GiB
	ZoneID       string  // empty: any zone
}

// Price is what a container group costs, per second.
type Price struct {
	Currency string // CNY on the Chinese site, USD on the international one
	Trade    float64
	Original float64 // before discounts
	// Items are the parts by the name of the resource: cpu, memory,
	// instanceType.
	Items map[string]float64
}

// Price asks what a container group would cost. The error is one of class spec
// if the cloud does not sell it.
func (c *Client) Price(ctx context.Context, q PriceQuery) (Price, error) {
	var a struct{ PriceInfo struct{ Price priceWire } }
	if err := c.call(ctx, "DescribeContainerGroupPrice", q.params(), &a); err != nil {
		return Price{}, fmt.Errorf("describe the price of %s: %w", q, err)
	}
	if a.PriceInfo.Price.TradePrice <= 0 || a.PriceInfo.Price.Currency == "" {
		return Price{}, fmt.Errorf("describe the price of %s: %w", q, &alicloud.Error{
			Product: product.Name, Action: "DescribeContainerGroupPrice", Code: alicloud.CodeBadAnswer,
			Message: "the answer has no price with a currency",
		})
	}
	return a.PriceInfo.Price.price(), nil
}

// String names what is priced.
func (q PriceQuery) String() string {
	if q.InstanceType != "" {
		return q.InstanceType
	}
	return decimal(q.CPU) + "-" + decimal(q.Memory) + "Gi"
}

func (q PriceQuery) params() params {
	p := params{}
	p.text("InstanceType", q.InstanceType)
	p.number("Cpu", q.CPU)
	p.number("Memory", q.Memory)
	p.text("ZoneId", q.ZoneID)
	return p
}

type priceWire struct {
	Currency      string
	TradePrice    num
	OriginalPrice num
	DetailInfos   nested[struct {
		Resource   string
		TradePrice num
	}]
}

func (w priceWire) price() Price {
	p := Price{
		Currency: w.Currency, Trade: float64(w.TradePrice), Original: float64(w.OriginalPrice), Items: map[string]float64{},
	}
	for _, d := range w.DetailInfos {
		p.Items[d.Resource] = float64(d.TradePrice)
	}
	return p
}

// nested is a list that the service wraps into an object with one member,
// {"DetailInfo": [...]}, or, as older clients have it, does not.
type nested[T any] []T

func (n *nested[T]) UnmarshalJSON(b []byte) error {
	var list []T
	if json.Unmarshal(b, &list) == nil {
		*n = list
		return nil
	}
	var wrapped map[string][]T
	if err := json.Unmarshal(b, &wrapped); err != nil {
		return err
	}
	for _, list := range wrapped {
		*n = append(*n, list...)
	}
	return nil
}
