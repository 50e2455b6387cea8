package resolve

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	corev1 "k8s.io/api/core/v1"

	"github.com/ebb-node/ebb/eci"
)

// value is what a variable holds: a text, or a field that ECI fills in.
type value struct {
	text      string
	fieldPath string
}

// environment holds variables in the order in which they were first set.
type environment struct {
	names   []string
	values  map[string]value
	service map[string]string // may be referred to before it is added
}

func (e *environment) set(name string, v value) {
	if _, again := e.values[name]; !again {
		e.names = append(e.names, name)
	}
	e.values[name] = v
}

// lookup finds what $(name) refers to: a variable set before, or a variable
// of the service environment.
func (e *environment) lookup(name string) (value, bool) {
	if v, ok := e.values[name]; ok {
		return v, true
	}
	text, ok := e.service[name]
	return value{text: text}, ok
}

func (e *environment) list() []eci.EnvVar {
	var out []eci.EnvVar
	for _, name := range e.names {
		v := e.values[name]
		out = append(out, eci.EnvVar{Key: name, Value: v.text, FieldPath: v.fieldPath})
	}
	return out
}

// containerEnv assembles c's environment in a kubelet's order: envFrom, then
// env, which overrides it, then what is missing of the service environment.
func (r *resolver) containerEnv(field string, c *corev1.Container) *environment {
	env := &environment{values: map[string]value{}, service: r.service}
	for i := range c.EnvFrom {
		r.envFrom(fmt.Sprintf("%s.envFrom[%d]", field, i), &c.EnvFrom[i], env)
	}
	for i := range c.Env {
		e := &c.Env[i]
		if v, ok := r.envValue(fmt.Sprintf("%s.env[%d]", field, i), e, c, env); ok {
			env.set(e.Name, v)
		}
	}
	for _, name := range slices.Sorted(maps.Keys(r.service)) {
		if _, set := env.values[name]; !set && ValidEnvName(name) {
			env.set(name, value{text: r.service[name]})
		}
	}
	return env
}

// envFrom adds all keys of a ConfigMap or Secret.
func (r *resolver) envFrom(field string, from *corev1.EnvFromSource, env *environment) {
	var name objectName
	var optional *bool
	switch {
	case from.ConfigMapRef != nil:
		name, optional = objectName{kindConfigMap, from.ConfigMapRef.Name}, from.ConfigMapRef.Optional
		field += ".configMapRef"
	case from.SecretRef != nil:
		name, optional = objectName{kindSecret, from.SecretRef.Name}, from.SecretRef.Optional
		field += ".secretRef"
	default:
		return
	}
	o, ok := r.object(field, name, optional)
	if !ok {
		return
	}
	var invalid []string
	for _, key := range slices.Sorted(maps.Keys(o.text)) {
		if variable := from.Prefix + key; ValidEnvName(variable) {
			env.set(variable, value{text: o.text[key]})
		} else {
			invalid = append(invalid, variable)
		}
	}
	if len(invalid) > 0 {
		r.note(Warning(ReasonInvalidEnvironmentVariableNames, fmt.Sprintf(
			"keys [%s] of %s were skipped: ECI has no environment variables of such names", strings.Join(invalid, ", "), name)))
	}
}

// envValue resolves one variable; false leaves it out.
func (r *resolver) envValue(field string, e *corev1.EnvVar, c *corev1.Container, env *environment) (value, bool) {
	if e.Value != "" || e.ValueFrom == nil {
		return r.literal(field+".value", e.Value, env), true
	}
	field += ".valueFrom"
	switch from := e.ValueFrom; {
	case from.ConfigMapKeyRef != nil:
		ref := from.ConfigMapKeyRef
		return r.key(field+".configMapKeyRef", objectName{kindConfigMap, ref.Name}, ref.Key, ref.Optional)
	case from.SecretKeyRef != nil:
		ref := from.SecretKeyRef
		return r.key(field+".secretKeyRef", objectName{kindSecret, ref.Name}, ref.Key, ref.Optional)
	case from.FieldRef != nil:
		return r.envField(field+".fieldRef.fieldPath", from.FieldRef.FieldPath)
	case from.ResourceFieldRef != nil:
		text, ok := r.resourceField(field+".resourceFieldRef", from.ResourceFieldRef, c)
		return value{text: text}, ok
	case from.FileKeyRef != nil:
		r.refuse(field+".fileKeyRef", "ECI cannot read a variable from a file of a volume", "use a ConfigMap or a Secret")
	default:
		r.refuse(field, "no known source is set", "")
	}
	return value{}, false
}

// literal expands a value. A value that is nothing but a reference to the
// pod's address becomes that address too.
func (r *resolver) literal(field, text string, env *environment) value {
	name, whole := strings.CutPrefix(text, "$(")
	name, closed := strings.CutSuffix(name, ")")
	if whole && closed {
		if v, ok := env.lookup(name); ok && v.fieldPath != "" {
			return v
		}
	}
	return value{text: r.expandText(field, text, env)}
}
