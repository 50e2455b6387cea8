// Package cloudadmin asks the admin endpoint of the region's mock cloud.
package cloudadmin

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strings"

	"github.com/ebb-node/ebb/region/internal/cluster"
	"github.com/ebb-node/ebb/region/internal/control"
)

// CallCounts answers how often each action was called since the cloud started,
// whatever came of it.
func CallCounts(ctx context.Context, region *control.Client) (map[string]int, error) {
	var answer struct {
		Counts map[string]map[string]int `json:"counts"` // action, result code
	}
	if err := Get(ctx, region, "/calls", &answer); err != nil {
		return nil, err
	}
	counts := make(map[string]int, len(answer.Counts))
	for action, codes := range answer.Counts {
		for _, n := range codes {
			counts[action] += n
		}
	}
	return counts, nil
}

// Get decodes what the endpoint answers on a path.
func Get(ctx context.Context, region *control.Client, path string, into any) error {
	return call(ctx, region, http.MethodGet, path, "", into)
}

// Put sends a JSON text to a path, and decodes the answer.
func Put(ctx context.Context, region *control.Client, path, text string, into any) error {
	return call(ctx, region, http.MethodPut, path, text, into)
}

func call(ctx context.Context, region *control.Client, method, path, text string, into any) error {
	request, err := http.NewRequestWithContext(ctx, method, "http://"+cluster.CloudAdmin+path, strings.NewReader(text))
	if err != nil {
		return err
	}
	client := region.HTTP()
	defer client.CloseIdleConnections()
	response, err := client.Do(request)
	if err != nil {
		return err
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	if err != nil {
		return err
	}
	if response.StatusCode != http.StatusOK {
		return fmt.Errorf("mock cloud: %s %s: %s: %s", method, path, response.Status, body)
	}
	return json.Unmarshal(body, into)
}
