package simulate

import (
	"flag"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

var update = flag.Bool("update", false, "write the bundled traces anew")

func TestBundledTracesAreWhatIsGenerated(t *testing.T) {
	for _, shape := range Shapes() {
		file, want := "traces/"+shape+".csv", generate(shape)
		if *update {
			if err := os.WriteFile(file, []byte(want), 0o644); err != nil {
				t.Fatal(err)
			}
		}
		got, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want, string(got)); diff != "" {
			t.Errorf("%s is not what bundled.go makes; go test -update writes it:\n%s", file, diff)
		}
		trace, err := Bundled(shape)
		if err != nil {
			t.Fatal(err)
		}
		if trace.Length != 24*time.Hour || len(trace.Arrivals) == 0 {
			t.Errorf("%s has %d requests in %v; want a day", shape, len(trace.Arrivals), trace.Length)
		}
	}
	if _, err := Bundled("weekend"); err == nil || !strings.Contains(err.Error(), "office-hours") {
		t.Errorf("error %v; want one that names the traces", err)
	}
}

func TestReadTrace(t *testing.T) {
	for name, text := range map[string]string{
		"arrivals":      "# two\nat_seconds,takes_seconds\n90.5,2\n1,0\n",
		"JSON arrivals": `{"arrivals": [{"at": 90.5, "takes": 2}, {"at": 1}]}`,
	} {
		got, err := ReadTrace(name, strings.NewReader(text))
		if err != nil {
			t.Fatal(err)
		}
		want := &Trace{Name: name, Length: 2 * time.Minute, Arrivals: []Arrival{{At: time.Second}, {At: 90500 * time.Millisecond, Takes: 2 * time.Second}}}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
	for name, text := range map[string]string{
		"rates":      "minute,requests\n0,3\n2,1\n",
		"JSON rates": `{"requests_per_minute": [3, 0, 1]}`,
	} {
		got, err := ReadTrace(name, strings.NewReader(text))
		if err != nil {
			t.Fatal(err)
		}
		if len(got.Arrivals) != 4 || got.Length != 3*time.Minute {
			t.Fatalf("%s: %d requests in %v, want 4 in 3m", name, len(got.Arrivals), got.Length)
		}
		for i, a := range got.Arrivals {
			if third := a.At >= 2*time.Minute; third != (i == 3) || i > 0 && a.At < got.Arrivals[i-1].At {
				t.Errorf("%s: request %d comes at %v", name, i, a.At)
			}
		}
	}
}

func TestWhatIsNoTrace(t *testing.T) {
	for text, want := range map[string]string{
		"":                                      "no rows",
		"minute,requests\n":                     "no rows",
		"hour,requests\n1,2\n":                  `first line is "hour,requests"`,
		"minute,requests\n0,many\n":             "row 1",
		"minute,requests\n0,1\n0.5,1\n":         "row 2",
		"minute,requests\n0,-1\n":               "0 or more requests",
		"minute,requests\n0,1e9\n":              "5000000",
		"minute,requests\n44640,1\n":            "0 to 44639",
		"minute,requests\n1e18,1\n":             "0 to 44639",
		"at_seconds,takes_seconds\n-1,0\n":      "want 0 to",
		"at_seconds,takes_seconds\n1,99999\n":   "0 to 3600",
		`{"requests": [1]}`:                     "neither",
		`{"arrivals": [{"at": 1}, {"at": -1}]}`: "arrival 2",
		`{`:                                     "JSON",
	} {
		_, err := ReadTrace("day.csv", strings.NewReader(text))
		if err == nil || !strings.Contains(err.Error(), want) || !strings.Contains(err.Error(), "day.csv") || !strings.Contains(err.Error(), "minute,requests") {
			t.Errorf("%q: error %v; want %q in it, the file and the forms", text, err, want)
		}
	}
}
