package ebb_test

import (
	"os/exec"
	"slices"
	"strings"
	"testing"
)

const module = "github.com/ebb-node/ebb/"

// Groups of packages that rules name together.
var (
	kubernetes = []string{"k8s.io/api/", "k8s.io/apimachinery/", "k8s.io/client-go/", "k8s.io/kubernetes/", "sigs.k8s.io/controller-runtime", "github.com/virtual-kubelet/", "knative.dev/"}
	cloudSDK   = []string{"github.com/aliyun/"}
	services   = []string{module + "eci", module + "slb", module + "ecs"}
	users      = []string{module + "provider", module + "gateway", module + "reserve"}
	product    = slices.Concat(users, services, []string{module + "alicloud", module + "instancespecs"})
	mock       = []string{module + "mockcloud"}
	region     = []string{module + "region"}
)

// forbidden says for each package, with all below it, what it must not import.
var forbidden = map[string][][]string{
	"alicloud":      {kubernetes, services, mock, region},
	"eci":           {kubernetes, mock, region, users, {module + "slb", module + "ecs"}},
	"slb":           {kubernetes, mock, region, users, {module + "eci", module + "ecs"}},
	"ecs":           {kubernetes, mock, region, users, {module + "eci", module + "slb"}},
	"instancespecs": {kubernetes, cloudSDK, mock, region, users, services, {module + "alicloud"}},
	"provider":      {mock, region, {module + "gateway", module + "reserve"}},
	"gateway":       {mock, region, {module + "provider", module + "reserve"}},
	"reserve":       {mock, region, {module + "provider", module + "gateway"}},
	"mockcloud":     {kubernetes, cloudSDK, product, region},
	"cmd":           {region},
	"internal":      {kubernetes, cloudSDK, product, mock, region},
}

// allowed are exceptions to these rules: facts without code.
var allowed = map[string][]string{
	"mockcloud": {module + "instancespecs/data"},
}

// standardOnly are packages that import nothing but the standard library and
// themselves.
var standardOnly = []string{"instancespecs"}

func TestPackagesImportWhatTheDesignAllows(t *testing.T) {
	for path, imports := range packages(t) {
		for owner, groups := range forbidden {
			if !within(path, module+owner) {
				continue
			}
			for _, imported := range imports {
				if slices.Contains(allowed[owner], imported) {
					continue
				}
				for _, group := range groups {
					if matches(imported, group) {
						t.Errorf("%s imports %s, which the design forbids to %s", path, imported, owner)
					}
				}
			}
		}
	}
}

func TestPackagesOfTheStandardLibraryOnly(t *testing.T) {
	for path, imports := range packages(t) {
		for _, owner := range standardOnly {
			if path != module+owner {
				continue
			}
			for _, imported := range imports {
				if strings.Contains(strings.Split(imported, "/")[0], ".") && !within(imported, module+owner) {
					t.Errorf("%s imports %s; it is for the standard library only", path, imported)
				}
			}
		}
	}
}

// packages lists every package of the module with what its program code
// imports. Tests may import more.
func packages(t *testing.T) map[string][]string {
	t.Helper()
	output, err := exec.Command("go", "list", "-f", `{{.ImportPath}} {{join .Imports " "}}`, "./...").Output()
	if err != nil {
		t.Fatalf("go list: %v", err)
	}
	found := map[string][]string{}
	for line := range strings.Lines(string(output)) {
		fields := strings.Fields(line)
		found[fields[0]] = fields[1:]
	}
	if len(found) < 5 {
		t.Fatalf("go list found only %d packages; the rules would hold of nothing", len(found))
	}
	return found
}

func within(path, parent string) bool {
	return path == parent || strings.HasPrefix(path, parent+"/")
}

// matches reports whether a path is one of the group's, or below one.
func matches(path string, group []string) bool {
	for _, member := range group {
		if strings.HasSuffix(member, "/") && strings.HasPrefix(path, member) || within(path, member) {
			return true
		}
	}
	return false
}
