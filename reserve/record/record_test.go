package record_test

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/ebb-node/ebb/reserve/cost"
	"github.com/ebb-node/ebb/reserve/decide"
	"github.com/ebb-node/ebb/reserve/record"
)

var at = time.Date(2026, 3, 1, 10, 0, 0, 500e6, time.UTC)

func TestRoundTrip(t *testing.T) {
	for name, want := range map[string]record.Record{
		"reserved": {Memory: decide.Memory{State: decide.Reserved, Since: at}, Account: cost.Account{At: at.Truncate(time.Second), Spent: 0.5, Currency: "CNY"}},
		"failed":   {Memory: decide.Memory{State: decide.Unavailable, Since: at, Failure: decide.Failure{Count: 2, At: at, Reason: "NoStock"}}, Account: cost.Account{At: at.Truncate(time.Second)}},
	} {
		t.Run(name, func(t *testing.T) {
			got, err := record.Read(record.Write(want))
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("read back otherwise (-want +got):\n%s", diff)
			}
		})
	}
}

func TestEveryKeyIsKnown(t *testing.T) {
	written := record.Write(record.Record{Memory: decide.Memory{Failure: decide.Failure{Count: 1}}})
	for _, key := range record.Keys() {
		if written[key] == "" {
			t.Errorf("%s is not written", key)
		}
		delete(written, key)
	}
	if len(written) > 0 {
		t.Errorf("%v are written and not among the keys", written)
	}
}

func TestNothingIsRemembered(t *testing.T) {
	got, err := record.Read(map[string]string{"other": "annotation"})
	if diff := cmp.Diff(record.Record{}, got); diff != "" || err != nil {
		t.Errorf("record %+v, error %v; want none", got, err)
	}
}

func TestWhatCannotBeReadIsNamed(t *testing.T) {
	good := record.Write(record.Record{Memory: decide.Memory{State: decide.Reserved, Since: at, Failure: decide.Failure{Count: 1, At: at, Reason: "x"}}, Account: cost.Account{At: at}})
	for key, text := range map[string]string{
		record.AnnotationState:   "Asleep,since=2026-03-01T10:00:00Z",
		record.AnnotationFailure: "NoStock,count=none,at=2026-03-01T10:00:00Z",
		record.AnnotationCost:    "spent=0.1",
	} {
		broken := map[string]string{}
		for k, v := range good {
			broken[k] = v
		}
		broken[key] = text
		got, err := record.Read(broken)
		if err == nil || !strings.Contains(err.Error(), key) || strings.Count(err.Error(), "annotation ") != 1 {
			t.Errorf("%s: error %v; want one about it alone", key, err)
		}
		if key != record.AnnotationState && got.Memory.State != decide.Reserved {
			t.Errorf("%s cannot be read, and the state is lost with it", key)
		}
	}
}
