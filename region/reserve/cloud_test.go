package reserve_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/ebb-node/ebb/region/internal/cluster"
)

// tell changes something about the cloud, from outside.
func tell(t *testing.T, path, body string) {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), http.MethodPost, "http://"+cluster.CloudAdmin+path, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	response, err := region.HTTP().Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	if response.StatusCode != http.StatusOK {
		t.Fatalf("mock cloud: POST %s %s: %s", path, body, response.Status)
	}
}

// noStock has the cloud run out of an instance type that is one test's alone.
func noStock(t *testing.T, spec string) { t.Helper(); stock(t, spec, "none") }

func stock(t *testing.T, spec, state string) {
	t.Helper()
	tell(t, "/stock", `{"spec":"`+spec+`","state":"`+state+`"}`)
}

// annotation of an object.
func annotation(t *testing.T, object, key string) string {
	t.Helper()
	return region.Kubectl(t, "get", object, "-o", `jsonpath={.metadata.annotations.`+strings.ReplaceAll(key, ".", `\.`)+`}`)
}
