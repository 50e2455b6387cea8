package cli

import (
	"strings"
	"testing"
	"time"
)

func TestReadUsage(t *testing.T) {
	u, err := readUsage("x.csv", strings.NewReader("# a day\nhours,utilisation_pct\n0.5, 20\n1,100\n"))
	if err != nil || len(u.samples) != 0 || len(u.phases) != 2 || u.phases[0] != (phase{30 * time.Minute, 0.2}) {
		t.Errorf("got %+v, %v", u, err)
	}
	u, err = readUsage("x.csv", strings.NewReader("time,usage_core_nano_seconds\n2026-01-05T08:00:00+08:00,17\n"))
	if err != nil || len(u.phases) != 0 || len(u.samples) != 1 || u.samples[0].UsageCoreNanoSeconds != 17 ||
		!u.samples[0].Time.Equal(time.Date(2026, 1, 5, 0, 0, 0, 0, time.UTC)) {
		t.Errorf("got %+v, %v", u, err)
	}
}

func TestReadUsageErrors(t *testing.T) {
	for text, want := range map[string]string{
		"":                                                        "has no rows; want a CSV file whose first line is hours,utilisation_pct",
		"hours,utilisation_pct\n":                                 "has no rows",
		"hours,percent\n1,2\n":                                    `first line is "hours,percent"; want`,
		"hours,utilisation_pct\n1\n":                              "wrong number of fields",
		"hours,utilisation_pct\n1,5\n1,101\n":                     `x.csv: row 2: utilisation_pct "101"`,
		"hours,utilisation_pct\n-1,5\n":                           `hours "-1"`,
		"hours,utilisation_pct\n1e-9,5\n":                         `hours "1e-9"`,
		"hours,utilisation_pct\nNaN,5\n":                          `hours "NaN"`,
		"hours,utilisation_pct\n99999,5\n":                        `hours "99999"`,
		"time,usage_core_nano_seconds\nnow,1\n":                   `time "now" is not of the form`,
		"time,usage_core_nano_seconds\n2026-01-05T08:00:00Z,-1\n": `usage_core_nano_seconds "-1"`,
	} {
		if _, err := readUsage("x.csv", strings.NewReader(text)); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: got %v, want an error with %q", text, err, want)
		}
	}
}
