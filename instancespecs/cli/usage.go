package cli

import (
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"

	"github.com/ebb-node/ebb/instancespecs"
)

// phase is a time of constant demand.
type phase struct {
	duration    time.Duration
	utilisation float64 // wanted, mean per vCPU, 0 to 1
}

// usage is what an instance is asked to do, or what it has done.
type usage struct {
	phases  []phase                // either
	samples []instancespecs.Sample // or
}

// The two forms of a usage file, by their first line.
const (
	phaseHeader  = "hours,utilisation_pct"
	sampleHeader = "time,usage_core_nano_seconds"
)

const usageForms = "want a CSV file whose first line is " + phaseHeader + " (how long, and how busy all vCPUs are in the mean) or " +
	sampleHeader + " (RFC 3339, and ECI's cumulative CPU counter)"

// readUsage reads a usage file. The error names the line and the field.
func readUsage(name string, r io.Reader) (usage, error) {
	reader := csv.NewReader(r)
	reader.Comment = '#'
	reader.TrimLeadingSpace = true
	reader.FieldsPerRecord = 2
	rows, err := reader.ReadAll()
	if err != nil {
		return usage{}, fmt.Errorf("%s: %w; %s", name, err, usageForms)
	}
	if len(rows) < 2 {
		return usage{}, fmt.Errorf("%s: has no rows; %s", name, usageForms)
	}
	var u usage
	var problems []error
	add := map[string]func(a, b string) error{phaseHeader: u.addPhase, sampleHeader: u.addSample}[strings.Join(rows[0], ",")]
	if add == nil {
		return usage{}, fmt.Errorf("%s: first line is %q; %s", name, strings.Join(rows[0], ","), usageForms)
	}
	for i, row := range rows[1:] {
		if err := add(row[0], row[1]); err != nil {
			problems = append(problems, fmt.Errorf("%s: row %d: %w", name, i+1, err))
		}
	}
	return u, errors.Join(problems...)
}

func (u *usage) addPhase(hours, percent string) error {
	const least, most = 0.001, 24 * 366 // a ledger has milliseconds; no pod needs more than a year
	h, err := strconv.ParseFloat(hours, 64)
	if err != nil || !(h >= least && h <= most) {
		return fmt.Errorf("hours %q is not a number from %g to %d", hours, least, most)
	}
	p, err := strconv.ParseFloat(percent, 64)
	if err != nil || !(p >= 0 && p <= 100) {
		return fmt.Errorf("utilisation_pct %q is not a number from 0 to 100", percent)
	}
	u.phases = append(u.phases, phase{time.Duration(h * float64(time.Hour)), p / 100})
	return nil
}

func (u *usage) addSample(at, counter string) error {
	t, err := time.Parse(time.RFC3339, at)
	if err != nil {
		return fmt.Errorf("time %q is not of the form 2026-01-02T15:04:05Z", at)
	}
	n, err := strconv.ParseUint(counter, 10, 64)
	if err != nil {
		return fmt.Errorf("usage_core_nano_seconds %q is not a whole number of 0 or more", counter)
	}
	u.samples = append(u.samples, instancespecs.Sample{Time: t, UsageCoreNanoSeconds: n})
	return nil
}
