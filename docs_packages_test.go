package ebb_test

import (
	"regexp"
	"strings"
	"testing"
)

// packageRow is a row of the table of packages, whose first cell names them.
var packageRow = regexp.MustCompile("(?m)^\\| (`[^|]+`) \\|")

// TestThePackagesAreDocumented compares the table of the architecture with the
// tree.
func TestThePackagesAreDocumented(t *testing.T) {
	text, _, _ := strings.Cut(section(t, "docs/architecture.md", "## Packages"), "\nWho may import whom")
	documented := map[string]bool{}
	for _, row := range packageRow.FindAllStringSubmatch(text, -1) {
		for _, name := range strings.Split(row[1], ", ") {
			documented[strings.Trim(name, "`")] = true
		}
	}
	found := map[string]bool{"region": true} // a module of its own
	for path := range packages(t) {
		if name, below := strings.CutPrefix(path, module); below {
			found[name] = true
		}
	}
	for name := range found {
		if !documented[name] {
			t.Errorf("docs/architecture.md lacks the package %s", name)
		}
	}
	for name := range documented {
		if !found[name] {
			t.Errorf("docs/architecture.md has the package %s, which does not exist", name)
		}
	}
}
