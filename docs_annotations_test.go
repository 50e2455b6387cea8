package ebb_test

import (
	"go/ast"
	"regexp"
	"slices"
	"strings"
	"testing"
)

func TestEveryAnnotationIsDocumented(t *testing.T) {
	text := document(t, "docs/annotations.md")
	for _, key := range annotationKeys(t) {
		if !strings.Contains(text, "`"+key+"`") {
			t.Errorf("docs/annotations.md lacks %s", key)
		}
	}
}

// eciKey is a word of the document that is meant to be a key of ECI's.
var eciKey = regexp.MustCompile("`((?:eci|acr|eip|imc)-[A-Za-z0-9-]+)`")

func TestEveryDocumentedAnnotationExists(t *testing.T) {
	known := annotationKeys(t)
	for _, match := range eciKey.FindAllStringSubmatch(document(t, "docs/annotations.md"), -1) {
		if !slices.Contains(known, match[1]) && match[1] != "eci-profile" { // a ConfigMap
			t.Errorf("docs/annotations.md has %s, which the code does not", match[1])
		}
	}
}

// annotationTables are variables whose literals hold keys: as elements, as
// keys of a map, or first in each of their elements.
var annotationTables = []string{"passedOn", "numbered", "refusedKeys", "ignoredKeys", "writtenKeys"}

// annotationKeys are the keys, without prefix, that the node reads or writes.
func annotationKeys(t *testing.T) []string {
	t.Helper()
	var keys []string
	found := map[string]bool{}
	for name, value := range values(t, "provider/translate", "provider", "provider/credits", "reserve/settings", "reserve/record", "reserve/shape") {
		table := slices.Contains(annotationTables, name)
		found[name] = table
		switch {
		case table:
			keys = append(keys, firstStrings(value)...)
		case strings.HasPrefix(name, "key"):
			keys = append(keys, stringsOf(value)...)
		case strings.HasPrefix(name, "annotation"):
			keys = append(keys, writtenKey(value)...)
		case strings.HasPrefix(name, "Annotation"): // with a prefix of ebb's own
			keys = append(keys, stringsOf(value)...)
		}
	}
	for _, table := range annotationTables {
		if !found[table] {
			t.Fatalf("provider/translate has no table %s; this test would miss its keys", table)
		}
	}
	if len(keys) < 80 {
		t.Fatalf("only %d annotation keys found; this test would see too little", len(keys))
	}
	slices.Sort(keys)
	return slices.Compact(keys)
}

// writtenKey is the string of annotationPrefix + "string".
func writtenKey(value ast.Expr) []string {
	sum, ok := value.(*ast.BinaryExpr)
	if !ok {
		return nil
	}
	return stringsOf(sum.Y)
}

// firstStrings are the strings of a composite literal that are elements
// themselves, keys, or the first member of an element.
func firstStrings(value ast.Expr) []string {
	literal, ok := value.(*ast.CompositeLit)
	if !ok {
		return nil
	}
	var out []string
	for _, element := range literal.Elts {
		switch e := element.(type) {
		case *ast.KeyValueExpr:
			out = append(out, stringsOf(e.Key)...)
		case *ast.CompositeLit:
			if len(e.Elts) > 0 {
				out = append(out, stringsOf(e.Elts[0])...)
			}
		default:
			out = append(out, stringsOf(e)...)
		}
	}
	return out
}
