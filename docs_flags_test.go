package ebb_test

import (
	"go/ast"
	"regexp"
	"strings"
	"testing"
)

// flagRow is a row of the tables of flags.
var flagRow = regexp.MustCompile("(?m)^\\| `--([a-z0-9-]+)` \\| ([^|]*) \\|")

func TestTheFlagsAreDocumented(t *testing.T) {
	documented := map[string]string{}
	for _, row := range flagRow.FindAllStringSubmatch(section(t, "docs/install.md", "## Flags"), -1) {
		documented[row[1]] = row[2]
	}
	flags := runFlags(t)
	for name, standard := range flags {
		says, ok := documented[name]
		switch {
		case !ok:
			t.Errorf("docs/install.md lacks the flag --%s", name)
		case standard != "" && says != "`"+standard+"`":
			t.Errorf("docs/install.md says that --%s is %s by default; it is %s", name, says, standard)
		}
	}
	for name := range documented {
		if _, ok := flags[name]; !ok {
			t.Errorf("docs/install.md has --%s, which ebb run does not", name)
		}
	}
}

// section is a document from a heading to the next one of its level.
func section(t *testing.T, file, heading string) string {
	t.Helper()
	_, text, ok := strings.Cut(document(t, file), "\n"+heading+"\n")
	if !ok {
		t.Fatalf("%s has no heading %q", file, heading)
	}
	text, _, _ = strings.Cut(text, "\n## ")
	return text
}

// runFlags are the flags of ebb run, with those defaults that the code writes
// out: f.StringVar(&variable, "name", "default", "help").
func runFlags(t *testing.T) map[string]string {
	t.Helper()
	flags := map[string]string{}
	for _, file := range parse(t, "cmd/ebb") {
		ast.Inspect(file, func(n ast.Node) bool {
			call, ok := n.(*ast.CallExpr)
			if !ok || len(call.Args) != 4 {
				return true
			}
			method, ok := call.Fun.(*ast.SelectorExpr)
			if !ok || !strings.HasSuffix(method.Sel.Name, "Var") {
				return true
			}
			for _, name := range stringsOf(call.Args[1]) {
				flags[name] = standard(call.Args[2])
			}
			return true
		})
	}
	if len(flags) < 30 {
		t.Fatalf("only %d flags found in cmd/ebb; this test would see too little", len(flags))
	}
	return flags
}

// standard is a default as a reader would write it; "" when the code does not
// spell it out, or it is empty.
func standard(e ast.Expr) string {
	switch e := e.(type) {
	case *ast.BasicLit:
		return strings.Trim(e.Value, `"`)
	case *ast.Ident:
		if e.Name == "true" || e.Name == "false" {
			return e.Name
		}
	}
	return ""
}
