package ebb_test

import (
	"go/ast"
	"io/fs"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// metricName is a string that names a metric of ebb's.
var metricName = regexp.MustCompile(`^ebb_[a-z_]*[a-z]$`)

func TestEveryMetricIsDocumented(t *testing.T) {
	var text strings.Builder
	for _, file := range markdown(t) {
		text.WriteString(document(t, file))
	}
	for name := range registeredMetrics(t) {
		if !strings.Contains(text.String(), "`"+name+"`") {
			t.Errorf("no document explains the metric %s", name)
		}
	}
}

// metricMention is a metric of ebb's in a document.
var metricMention = regexp.MustCompile("`(ebb_[a-z_]+)`")

func TestEveryDocumentedMetricExists(t *testing.T) {
	known := registeredMetrics(t)
	for _, file := range markdown(t) {
		for _, match := range metricMention.FindAllStringSubmatch(document(t, file), -1) {
			if !known[match[1]] {
				t.Errorf("%s has the metric %s, which the code does not", file, match[1])
			}
		}
	}
}

// registeredMetrics are the names in the product's code.
func registeredMetrics(t *testing.T) map[string]bool {
	t.Helper()
	names := map[string]bool{}
	for _, file := range parse(t, productDirectories(t)...) {
		ast.Inspect(file, func(n ast.Node) bool {
			if literal, ok := n.(*ast.BasicLit); ok {
				for _, s := range stringsOf(literal) {
					if metricName.MatchString(s) {
						names[s] = true
					}
				}
			}
			return true
		})
	}
	if len(names) < 25 {
		t.Fatalf("only %d metrics found; this test would see too little", len(names))
	}
	return names
}

// productDirectories are those of ebb's program code.
func productDirectories(t *testing.T) []string {
	t.Helper()
	var directories []string
	for _, top := range []string{"alicloud", "cmd/ebb", "eci", "ecs", "gateway", "instancespecs", "provider", "reserve", "slb"} {
		err := filepath.WalkDir(top, func(path string, entry fs.DirEntry, err error) error {
			if err != nil || !entry.IsDir() {
				return err
			}
			if code, err := filepath.Glob(filepath.Join(path, "*.go")); err != nil || len(code) == 0 {
				return err
			}
			directories = append(directories, path)
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	return directories
}
