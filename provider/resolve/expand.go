package resolve

import (
	"fmt"
	"strings"

	corev1 "k8s.io/api/core/v1"
)

// expand replaces $(NAME) in s by what lookup finds, as Kubernetes does:
// unknown names stay as they are and $$ stands for one dollar sign. Names
// whose value only ECI knows stay as well and are returned.
func expand(s string, lookup func(string) (value, bool)) (string, []string) {
	var out strings.Builder
	var late []string
	for i := 0; i < len(s); i++ {
		if s[i] != '$' || i+1 == len(s) {
			out.WriteByte(s[i])
			continue
		}
		i++
		end := strings.IndexByte(s[i:], ')')
		if s[i] != '(' || end < 0 {
			if s[i] != '$' {
				out.WriteByte('$')
			}
			out.WriteByte(s[i])
			continue
		}
		name := s[i+1 : i+end]
		i += end
		v, known := lookup(name)
		if known && v.fieldPath == "" {
			out.WriteString(v.text)
			continue
		}
		if known {
			late = append(late, name)
		}
		out.WriteString("$(" + name + ")")
	}
	return out.String(), late
}

// expandText expands s, or refuses a reference to a value that does not exist
// before the group does.
func (r *resolver) expandText(field, s string, env *environment) string {
	text, late := expand(s, env.lookup)
	for _, name := range late {
		r.refuse(field, fmt.Sprintf("$(%s) is the pod's address, which ECI knows only once the container runs", name),
			"let the process read the variable itself, for example through sh -c")
	}
	return text
}

func (r *resolver) expandWords(field string, words []string, env *environment) []string {
	var out []string
	for i, w := range words {
		out = append(out, r.expandText(fmt.Sprintf("%s[%d]", field, i), w, env))
	}
	return out
}

// subPaths expands the subPathExpr of c's mounts.
func (r *resolver) subPaths(field string, c *corev1.Container, env *environment) map[int]string {
	var out map[int]string
	for i, m := range c.VolumeMounts {
		if m.SubPathExpr == "" {
			continue
		}
		field := fmt.Sprintf("%s.volumeMounts[%d].subPathExpr", field, i)
		path := r.expandText(field, m.SubPathExpr, env)
		if path == "" || strings.HasPrefix(path, "/") || hasDotDot(path) {
			r.refuse(field, fmt.Sprintf("expands to %q", path), "it has to be a relative path without '..'")
			continue
		}
		if out == nil {
			out = map[int]string{}
		}
		out[i] = path
	}
	return out
}

func hasDotDot(path string) bool {
	for _, part := range strings.Split(path, "/") {
		if part == ".." {
			return true
		}
	}
	return false
}
