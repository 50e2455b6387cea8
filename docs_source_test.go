package ebb_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
)

// values yields the constants and variables at the top of packages, with what
// they are set to.
func values(t *testing.T, directories ...string) func(func(string, ast.Expr) bool) {
	return func(yield func(string, ast.Expr) bool) {
		for _, file := range parse(t, directories...) {
			for _, declaration := range file.Decls {
				general, ok := declaration.(*ast.GenDecl)
				if !ok {
					continue
				}
				for _, spec := range general.Specs {
					v, ok := spec.(*ast.ValueSpec)
					if !ok {
						continue
					}
					for i, value := range v.Values {
						if !yield(v.Names[i].Name, value) {
							return
						}
					}
				}
			}
		}
	}
}

// parse reads the program code of packages.
func parse(t *testing.T, directories ...string) []*ast.File {
	t.Helper()
	var files []*ast.File
	for _, directory := range directories {
		names, err := filepath.Glob(filepath.Join(directory, "*.go"))
		if err != nil || len(names) == 0 {
			t.Fatalf("no Go files in %s: %v", directory, err)
		}
		for _, name := range names {
			if strings.HasSuffix(name, "_test.go") {
				continue
			}
			file, err := parser.ParseFile(token.NewFileSet(), name, nil, parser.SkipObjectResolution)
			if err != nil {
				t.Fatal(err)
			}
			files = append(files, file)
		}
	}
	return files
}

// stringsOf is the value of a string literal; others have none.
func stringsOf(e ast.Expr) []string {
	literal, ok := e.(*ast.BasicLit)
	if !ok || literal.Kind != token.STRING {
		return nil
	}
	s, err := strconv.Unquote(literal.Value)
	if err != nil {
		return nil
	}
	return []string{s}
}

func document(t *testing.T, file string) string {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}
