package ebb_test

import (
	"encoding/json"
	"maps"
	"regexp"
	"slices"
	"strings"
	"testing"

	"sigs.k8s.io/yaml"
)

// queried is a name in a query that is a metric: it has an underscore, and is no
// label and no function.
var queried = regexp.MustCompile(`\b(?:ebb|workqueue|leader_election)_[a-z_]+\b`)

// libraryMetrics are those of controller-runtime that the dashboard shows
// (https://book.kubebuilder.io/reference/metrics-reference).
var libraryMetrics = []string{"workqueue_depth", "leader_election_master_status"}

// checkQueries fails for metrics that nothing registers, and answers all of ebb's
// that are asked for.
func checkQueries(t *testing.T, file string, queries []string) map[string]bool {
	t.Helper()
	known, asked := registeredMetrics(t), map[string]bool{}
	for _, query := range queries {
		names := queried.FindAllString(literals.ReplaceAllString(query, `""`), -1)
		if len(names) == 0 && !strings.Contains(query, "up{") {
			t.Errorf("%s: no metric in %q", file, query)
		}
		for _, name := range names {
			base := name
			for _, suffix := range []string{"_bucket", "_sum", "_count"} { // of a histogram
				if cut, is := strings.CutSuffix(name, suffix); is && !known[name] {
					base = cut
				}
			}
			if !known[base] && !slices.Contains(libraryMetrics, name) {
				t.Errorf("%s asks for %s, which ebb does not have", file, name)
			}
			asked[base] = true
		}
	}
	return asked
}

// literals are the strings in a query, such as values of labels.
var literals = regexp.MustCompile(`"[^"]*"`)

func TestTheDashboardShowsEveryMetric(t *testing.T) {
	const file = "manifests/monitoring/dashboard.json"
	var dashboard struct {
		Panels []struct {
			ID      int    `json:"id"`
			Type    string `json:"type"`
			Title   string `json:"title"`
			Targets []struct {
				Expr string `json:"expr"`
			} `json:"targets"`
		} `json:"panels"`
	}
	if err := json.Unmarshal([]byte(document(t, file)), &dashboard); err != nil {
		t.Fatal(err)
	}
	var queries []string
	ids := map[int]bool{}
	for _, panel := range dashboard.Panels {
		if ids[panel.ID] || (panel.Type == "row") != (len(panel.Targets) == 0) {
			t.Errorf("%s: panel %d, %q, has a number twice or lacks queries", file, panel.ID, panel.Title)
		}
		ids[panel.ID] = true
		for _, target := range panel.Targets {
			queries = append(queries, target.Expr)
		}
	}
	asked := checkQueries(t, file, queries)
	for _, name := range slices.Sorted(maps.Keys(registeredMetrics(t))) {
		if !asked[name] {
			t.Errorf("%s does not show %s", file, name)
		}
	}
}

func TestTheAlertsAskForMetricsThatExist(t *testing.T) {
	const file = "manifests/monitoring/alerts.yaml"
	var rule struct {
		Kind string `json:"kind"`
		Spec struct {
			Groups []struct {
				Rules []struct {
					Alert       string            `json:"alert"`
					Expr        string            `json:"expr"`
					For         string            `json:"for"`
					Labels      map[string]string `json:"labels"`
					Annotations map[string]string `json:"annotations"`
				} `json:"rules"`
			} `json:"groups"`
		} `json:"spec"`
	}
	if err := yaml.Unmarshal([]byte(document(t, file)), &rule); err != nil {
		t.Fatal(err)
	}
	var queries []string
	for _, group := range rule.Spec.Groups {
		for _, r := range group.Rules {
			queries = append(queries, r.Expr)
			if !strings.HasPrefix(r.Alert, "Ebb") || r.For == "" || r.Labels["severity"] == "" || r.Annotations["summary"] == "" || r.Annotations["description"] == "" {
				t.Errorf("%s: alert %q lacks its name, how long, how bad, or what it says", file, r.Alert)
			}
		}
	}
	if rule.Kind != "PrometheusRule" || len(queries) < 5 {
		t.Fatalf("%s is a %s with %d alerts; this test would see too little", file, rule.Kind, len(queries))
	}
	checkQueries(t, file, queries)
}
