package instancespecs

import (
	"fmt"
	"slices"
	"strings"
)

// Filter restricts a search to some families (ecs.c6) or generations (6). The
// zero Filter lets everything pass.
type Filter struct {
	include, exclude []string
}

// ParseFilter reads the value of k8s.aliyun.com/eci-instance-family
// ("ecs.c6,ecs.g6", "-ecs.hfg6") or k8s.aliyun.com/eci-instance-generation
// ("6,5", "-4"): a leading - excludes
// (https://help.aliyun.com/document_detail/607899.html). Empty lets everything
// pass. The error quotes the entry that has no name.
func ParseFilter(value string) (Filter, error) {
	var f Filter
	if strings.TrimSpace(value) == "" {
		return f, nil
	}
	for text := range strings.SplitSeq(value, ",") {
		name, excluded := strings.CutPrefix(strings.TrimSpace(text), "-")
		if name == "" || strings.ContainsAny(name, " -") {
			return Filter{}, fmt.Errorf("filter %q: entry %q is not a name or -name; want for example ecs.c6,ecs.g6 or -ecs.c6",
				value, text)
		}
		if excluded {
			f.exclude = append(f.exclude, name)
		} else {
			f.include = append(f.include, name)
		}
	}
	return f, nil
}

// Allows reports whether a name passes: it is not excluded, and is among the
// included ones if there are any.
func (f Filter) Allows(name string) bool {
	if slices.Contains(f.exclude, name) {
		return false
	}
	return len(f.include) == 0 || slices.Contains(f.include, name)
}
