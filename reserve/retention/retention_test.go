package retention_test

import (
	"testing"
	"time"

	"knative.dev/serving/pkg/apis/autoscaling"
	"knative.dev/serving/pkg/autoscaler/config/autoscalerconfig"

	"github.com/ebb-node/ebb/reserve/retention"
)

func TestGate(t *testing.T) {
	for own, closed := range map[string]string{
		"":       "600s0h",
		"0s":     "600s0h0s",
		"30s":    "570s0h30s",
		"1m30s":  "510s0h1m30s",
		"1500ms": "599s0h1500ms",
		"0h5m":   "300s0h0h5m",
		"+30s":   "570s0h30s",
		"9m59s":  "1s0h9m59s",
		"10m":    "10m", // long enough by itself
		"1h":     "1h",
		"soon":   "600s0h",
	} {
		got := retention.Close(own)
		if got != closed {
			t.Errorf("closing over %q gives %q; want %q", own, got, closed)
		}
		if again := retention.Close(got); again != got {
			t.Errorf("closing over %q twice gives %q", own, again)
		}
		if !retention.Holds(got) {
			t.Errorf("%q, closed over %q, does not hold", got, own)
		}
		valid(t, got)
	}
}

// valid asks Knative's own validation.
func valid(t *testing.T, value string) {
	t.Helper()
	annotations := map[string]string{retention.Key: value}
	if err := autoscaling.ValidateAnnotations(t.Context(), &autoscalerconfig.Config{}, annotations); err != nil {
		t.Errorf("Knative refuses %q: %v", value, err)
	}
	if d, err := time.ParseDuration(value); err != nil || d > time.Hour {
		t.Errorf("%q is %v, %v", value, d, err)
	}
}

func TestUsersOwn(t *testing.T) {
	for value, want := range map[string]string{
		"": "", "30s": "30s", "600s0h": "", "570s0h30s": "30s", "510s0h1m30s": "1m30s", "300s0h0h5m": "0h5m", "0h5m": "0h5m", "1h": "1h",
	} {
		if got := retention.Own(value); got != want {
			t.Errorf("of %q the user's own is %q; want %q", value, got, want)
		}
		if got, want := retention.IsClosed(value), want != value; got != want {
			t.Errorf("closed(%q) is %t", value, got)
		}
	}
}
