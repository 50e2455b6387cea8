package conformance

import (
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

const output = `=== RUN   TestConformance
=== RUN   TestConformance/visibility
=== PAUSE TestConformance/visibility
=== RUN   TestConformance/visibility/split
=== RUN   TestConformance/update
=== CONT  TestConformance/visibility
    util.go:1: of visibility
=== RUN   TestConformance/visibility/fqdn
    util.go:2: of a part
=== NAME  TestConformance/visibility/split
    util.go:3: of another test
=== CONT  TestConformance/update
--- FAIL: TestConformance (1.00s)
    --- FAIL: TestConformance/visibility (0.50s)
        --- FAIL: TestConformance/visibility/fqdn (0.40s)
        --- PASS: TestConformance/visibility/short (0.40s)
    --- PASS: TestConformance/visibility/split (0.50s)
    --- SKIP: TestConformance/update (0.00s)
FAIL
`

// TestDocument has a line for each test that must fail in the direct mode.
func TestDocument(t *testing.T) {
	text, err := os.ReadFile("../../docs/conformance.md")
	if err != nil {
		t.Fatal(err)
	}
	_, section, _ := strings.Cut(string(text), "\n## What fails in the direct mode\n")
	section, _, _ = strings.Cut(section, "\n## ")
	var named []string
	for _, row := range regexp.MustCompile("(?m)^\\| `([^`]+)` \\|").FindAllStringSubmatch(section, -1) {
		named = append(named, row[1])
	}
	if diff := cmp.Diff(forbidden, named); diff != "" {
		t.Error(diff)
	}
}

func TestReport(t *testing.T) {
	r, err := Read(strings.NewReader(output))
	if err != nil {
		t.Fatal(err)
	}
	want := map[string]Outcome{"visibility": Failed, "visibility/split": Passed, "update": Skipped}
	if diff := cmp.Diff(want, r.Outcomes); diff != "" {
		t.Error(diff)
	}
	if got, want := r.String(), "3 tests: 1 passed, 1 failed, 1 skipped; failed: visibility"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	said := "TestConformance/visibility\n    util.go:1: of visibility\nTestConformance/visibility/fqdn\n    util.go:2: of a part"
	if diff := cmp.Diff(said, r.Said("visibility")); diff != "" {
		t.Error(diff)
	}
	if !strings.HasSuffix(r.End(), "\nFAIL") {
		t.Errorf("the end is %q", r.End())
	}
}
