package credits

import (
	"encoding/csv"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/ebb-node/ebb/instancespecs/data"
)

// Terms are what an instance type gives. All else follows from these two
// (https://www.alibabacloud.com/help/en/ecs/user-guide/burst-performance-instance-overview).
type Terms struct {
	VCPU     float64
	Baseline float64 // in vCPU, of the whole instance
}

// One credit is one vCPU for one minute. An instance starts with 30 credits per
// vCPU, and keeps at most what it earns in 24 hours beside them.
const (
	initialPerVCPU = 30
	capMinutes     = 24 * 60
)

// PerMinute is what the instance earns, in credits.
func (t Terms) PerMinute() float64 { return t.Baseline }

// Initial is what the instance starts with, in credits.
func (t Terms) Initial() float64 { return t.VCPU * initialPerVCPU }

// Cap is the most that accrues, in credits.
func (t Terms) Cap() float64 { return t.Baseline * capMinutes }

// DefaultTerms are the terms of every burstable type of the catalogue, by its
// name.
func DefaultTerms() (map[string]Terms, error) { return readTerms(data.Catalogue) }

func readTerms(text string) (map[string]Terms, error) {
	reader := csv.NewReader(strings.NewReader(text))
	reader.Comment = '#'
	rows, err := reader.ReadAll()
	if err != nil || len(rows) == 0 {
		return nil, fmt.Errorf("credit terms: instance type catalogue: %w", err)
	}
	var columns []int
	for _, name := range []string{"instance_type", "burstable", "vcpu", "baseline_pct"} {
		i := slices.Index(rows[0], name)
		if i < 0 {
			return nil, fmt.Errorf("credit terms: instance type catalogue has no column %s", name)
		}
		columns = append(columns, i)
	}
	terms := map[string]Terms{}
	for _, row := range rows[1:] {
		name, burstable := row[columns[0]], row[columns[1]]
		if burstable != "true" {
			continue
		}
		vcpu, err1 := strconv.ParseFloat(row[columns[2]], 64)
		percent, err2 := strconv.ParseFloat(row[columns[3]], 64)
		if err1 != nil || err2 != nil {
			return nil, fmt.Errorf("credit terms: %s has no numeric vcpu and baseline_pct", name)
		}
		terms[name] = Terms{VCPU: vcpu, Baseline: vcpu * percent / 100}
	}
	return terms, nil
}
