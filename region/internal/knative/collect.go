package knative

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

// source is a module and where its YAML lies in it.
type source struct {
	module string
	globs  []string
}

// sources are all that Knative Serving consists of. What the repository of
// serving links to in the other two is not in the module: modules have no
// symbolic links.
var sources = []source{
	{"knative.dev/networking", []string{"config/*.yaml"}},
	{"knative.dev/caching", []string{"config/*.yaml"}},
	{"knative.dev/serving", []string{
		"config/core/*.yaml",
		"config/core/200-roles/*.yaml",
		"config/core/300-resources/*.yaml",
		"config/core/configmaps/*.yaml",
		"config/core/deployments/*.yaml",
		"config/core/webhooks/*.yaml",
	}},
}

// leftOut marks files of what one machine has no use for: horizontal
// autoscaling and disruption budgets of Knative's own components.
const leftOut = "-hpa.yaml"

// Modules are the modules that Collect reads.
func Modules() []string {
	var modules []string
	for _, s := range sources {
		modules = append(modules, s.module)
	}
	return modules
}

// Collect joins Knative's YAML files into one stream. Dirs are the directories
// of the Modules.
func Collect(dirs map[string]string) ([]byte, error) {
	var stream bytes.Buffer
	for _, s := range sources {
		for _, glob := range s.globs {
			files, err := filepath.Glob(filepath.Join(dirs[s.module], glob))
			if err != nil {
				return nil, err
			}
			if len(files) == 0 {
				return nil, fmt.Errorf("module %s has no %s in %q", s.module, glob, dirs[s.module])
			}
			for _, file := range files {
				if err := join(&stream, s.module, dirs[s.module], file); err != nil {
					return nil, err
				}
			}
		}
	}
	return stream.Bytes(), nil
}

func join(stream *bytes.Buffer, module, dir, file string) error {
	if strings.HasSuffix(file, leftOut) {
		return nil
	}
	text, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	fmt.Fprintf(stream, "---\n# %s%s\n%s\n", module, strings.TrimPrefix(file, dir), text)
	return nil
}
