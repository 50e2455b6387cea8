// Package cloudadmin asks the admin endpoint of the region's mock cloud.
package cloudadmin

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"

	"github.com/ebb-node/ebb/region/internal/cluster"
	"github.com/ebb-node/ebb/region/internal/control"
)

// CallCounts answers how often each action was called since the cloud started.
func CallCounts(ctx context.Context, region *control.Client) (map[string]int, error) {
	var answer struct {
		Counts map[string]int `json:"counts"`
	}
	err := Get(ctx, region, "/calls", &answer)
	return answer.Counts, err
}

// Get decodes what the endpoint answers on a path.
func Get(ctx context.Context, region *control.Client, path string, into any) error {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://"+cluster.CloudAdmin+path, nil)
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
		return fmt.Errorf("mock cloud: GET %s: %s: %s", path, response.Status, body)
	}
	return json.Unmarshal(body, into)
}
