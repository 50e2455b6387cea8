package reserve_test

import (
	"io"
	"net/http"
	"strconv"
	"strings"
	"testing"

	"github.com/ebb-node/ebb/region/internal/cluster"
)

// metric is the value of a series without labels in ebb's metrics.
func metric(t *testing.T, name string) float64 {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, "http://"+cluster.EbbMetrics+"/metrics", nil)
	if err != nil {
		t.Fatal(err)
	}
	response, err := region.HTTP().Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(body)) {
		if value, ok := strings.CutPrefix(line, name+" "); ok {
			number, err := strconv.ParseFloat(strings.TrimSpace(value), 64)
			if err != nil {
				t.Fatal(err)
			}
			return number
		}
	}
	t.Fatalf("ebb has no metric %s", name)
	return 0
}
