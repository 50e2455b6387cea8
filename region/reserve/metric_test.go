package reserve_test

import "testing"

// metric is the value of a series without labels in ebb's metrics.
func metric(t *testing.T, name string) float64 {
	t.Helper()
	value, err := region.Metric(t.Context(), name)
	if err != nil {
		t.Fatal(err)
	}
	return value
}
