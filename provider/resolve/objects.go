package resolve

import (
	"fmt"
	"strings"

	corev1 "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
)

// kind is the kind of an object as it appears in the reasons of notes.
type kind string

const (
	kindConfigMap kind = "ConfigMap"
	kindSecret    kind = "Secret"
)

// objectName is an object of the pod's namespace.
type objectName struct {
	kind kind
	name string
}

// String is for messages: `secret "db"`.
func (n objectName) String() string {
	return fmt.Sprintf("%s %q", strings.ToLower(string(n.kind)), n.name)
}

// object is what a ConfigMap or a Secret holds. Variables come from text,
// files from both.
type object struct {
	text   map[string]string
	binary map[string][]byte
	err    error
}

// file returns the content of a key.
func (o object) file(key string) ([]byte, bool) {
	if s, ok := o.text[key]; ok {
		return []byte(s), true
	}
	b, ok := o.binary[key]
	return b, ok
}

// fetch reads an object once per resolution.
func (r *resolver) fetch(name objectName) object {
	if o, ok := r.objects[name]; ok {
		return o
	}
	var o object
	switch name.kind {
	case kindConfigMap:
		var m *corev1.ConfigMap
		if m, o.err = r.get.ConfigMap(r.ctx, r.pod.Namespace, name.name); o.err == nil {
			o.text, o.binary = m.Data, m.BinaryData
		}
	case kindSecret:
		var s *corev1.Secret
		if s, o.err = r.get.Secret(r.ctx, r.pod.Namespace, name.name); o.err == nil {
			o.text = make(map[string]string, len(s.Data))
			for k, v := range s.Data {
				o.text[k] = string(v)
			}
		}
	}
	r.objects[name] = o
	return o
}

// object reads an object that the pod names. When there is none it says so
// and returns false. An optional object that cannot be read makes the pod
// wait, like a mandatory one: it may well exist.
func (r *resolver) object(field string, name objectName, optional *bool) (object, bool) {
	o := r.fetch(name)
	level := requirement(optional)
	switch {
	case o.err == nil:
		return o, true
	case !apierrors.IsNotFound(o.err):
		r.wait(field, "FailedToRead"+level+string(name.kind), fmt.Errorf("reading %s: %w", name, o.err))
	case level == optionalRef:
		r.note(Warning(optionalRef+string(name.kind)+"NotFound", fmt.Sprintf("optional %s not found", name)))
	default:
		r.wait(field, mandatoryRef+string(name.kind)+"NotFound", fmt.Errorf("%s not found", name))
	}
	return object{}, false
}

// key reads one key of an object as the value of a variable.
func (r *resolver) key(field string, name objectName, key string, optional *bool) (value, bool) {
	o, ok := r.object(field, name, optional)
	if !ok {
		return value{}, false
	}
	text, ok := o.text[key]
	if !ok {
		r.missingKey(field, name, key, optional)
	}
	return value{text: text}, ok
}

// missingKey says that an object lacks a key.
func (r *resolver) missingKey(field string, name objectName, key string, optional *bool) {
	level := requirement(optional)
	reason := level + string(name.kind) + "KeyNotFound"
	err := fmt.Errorf("%s has no key %q", name, key)
	if level == optionalRef {
		r.note(Warning(reason, err.Error()))
		return
	}
	r.wait(field, reason, err)
}

// Parts of reasons.
const (
	optionalRef  = "Optional"
	mandatoryRef = "Mandatory"
)

func requirement(optional *bool) string {
	if optional != nil && *optional {
		return optionalRef
	}
	return mandatoryRef
}
