package eci

import (
	"context"
	"encoding/json"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/ebb-node/ebb/alicloud"
)

// scripted answers every call with one text.
type scripted struct {
	answer string
	asked  alicloud.Request
}

func (*scripted) Region() string { return "cn-hangzhou" }

func (s *scripted) Call(_ context.Context, r alicloud.Request, out any) error {
	s.asked = r
	return json.Unmarshal([]byte(s.answer), out)
}

func TestPrice(t *testing.T) {
	want := Price{Currency: "CNY", Trade: 0.00012252, Original: 0.00012252, Items: map[string]float64{"cpu": 0.000098, "memory": 0.00002452}}
	for name, answer := range map[string]string{
		// Numbers of https://help.aliyun.com/document_detail/479622.html
		"wrapped lists": `{"PriceInfo": {"Price": {"Currency": "CNY", "TradePrice": 0.00012252, "OriginalPrice": 0.00012252,
			"DetailInfos": {"DetailInfo": [{"Resource": "cpu", "TradePrice": 0.000098}, {"Resource": "memory", "TradePrice": 0.00002452}]}}}}`,
		"bare lists": `{"PriceInfo": {"Price": {"Currency": "CNY", "TradePrice": "0.00012252", "OriginalPrice": 0.00012252,
			"DetailInfos": [{"Resource": "cpu", "TradePrice": 0.000098}, {"Resource": "memory", "TradePrice": 0.00002452}]}}}`,
	} {
		cloud := &scripted{answer: answer}
		got, err := (&Client{cloud: cloud}).Price(context.Background(), PriceQuery{InstanceType: "ecs.c5.large", CPU: 2, Memory: 4, ZoneID: "z"})
		if err != nil {
			t.Errorf("%s: %v", name, err)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
		asked := map[string]string{"InstanceType": "ecs.c5.large", "Cpu": "2", "Memory": "4", "ZoneId": "z"}
		if diff := cmp.Diff(asked, cloud.asked.Params); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
	}
}

func TestAnAnswerWithoutAPriceIsNoPrice(t *testing.T) {
	for _, answer := range []string{`{}`, `{"PriceInfo": {"Price": {"TradePrice": 1}}}`, `{"PriceInfo": {"Price": {"Currency": "CNY"}}}`} {
		if p, err := (&Client{cloud: &scripted{answer: answer}}).Price(context.Background(), PriceQuery{CPU: 2, Memory: 4}); err == nil {
			t.Errorf("%s is taken as %+v", answer, p)
		}
	}
}

func TestStock(t *testing.T) {
	cloud := &scripted{answer: `{"AvailableZones": {"AvailableZone": [
		{"ZoneId": "z1", "AvailableResources": {"AvailableResource": [{"SupportedResources": {"SupportedResource": [
			{"Value": "ecs.t6-c1m1.large", "StatusCategory": "WithStock"}]}}]}},
		{"ZoneId": "z2", "AvailableResources": {"AvailableResource": [{"SupportedResources": {"SupportedResource": []}}]}}]}}`}
	got, err := (&Client{cloud: cloud}).Stock(context.Background(), "ecs.t6-c1m1.large", "")
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]Stock{{ZoneID: "z1", Value: "ecs.t6-c1m1.large", Status: "WithStock"}}, got); diff != "" {
		t.Error(diff)
	}
	asked := map[string]string{"DestinationResource.Category": "InstanceType", "DestinationResource.Value": "ecs.t6-c1m1.large"}
	if diff := cmp.Diff(asked, cloud.asked.Params); diff != "" {
		t.Error(diff)
	}
}
