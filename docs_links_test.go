package ebb_test

import (
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// link is a Markdown link to a place that is not a URL.
var link = regexp.MustCompile(`\]\(([^)\s:]+)\)`)

func TestLinksLeadSomewhere(t *testing.T) {
	documents := markdown(t)
	for _, file := range documents {
		for _, match := range link.FindAllStringSubmatch(document(t, file), -1) {
			path, anchor, _ := strings.Cut(match[1], "#")
			target := file
			if path != "" {
				target = filepath.Join(filepath.Dir(file), path)
			}
			switch _, err := os.Stat(target); {
			case err != nil:
				t.Errorf("%s links to %s, which does not exist", file, match[1])
			case anchor != "" && !slices.Contains(anchors(document(t, target)), anchor):
				t.Errorf("%s links to %s, which has no such heading", file, match[1])
			}
		}
	}
}

// markdown lists the project's documents.
func markdown(t *testing.T) []string {
	t.Helper()
	var files []string
	err := filepath.WalkDir(".", func(path string, entry fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case entry.IsDir() && path != "." && strings.HasPrefix(entry.Name(), "."):
			return fs.SkipDir // what was built, and Git's own
		case filepath.Ext(path) == ".md":
			files = append(files, path)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if len(files) < 5 {
		t.Fatalf("only %d documents found; this test would see too little", len(files))
	}
	return files
}

// notInAnchor is what GitHub leaves out of a heading's anchor.
var notInAnchor = regexp.MustCompile(`[^\p{L}\p{N}\- _]`)

// anchors are the anchors of a document's headings.
func anchors(text string) []string {
	var out []string
	for line := range strings.Lines(text) {
		title := strings.TrimLeft(line, "#")
		if title == line || !strings.HasPrefix(title, " ") {
			continue
		}
		title = notInAnchor.ReplaceAllString(strings.ToLower(strings.TrimSpace(title)), "")
		out = append(out, strings.ReplaceAll(title, " ", "-"))
	}
	return out
}
