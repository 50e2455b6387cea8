package rpc

import (
	"encoding"
	"reflect"
	"strings"
)

// A request type is a struct whose fields are named like the parameters:
//
//	type Create struct {
//		Name      string `rpc:",required"`
//		Container []struct {               // Container.1.Image, ...
//			Image   string
//			Command []string               // Container.1.Command.1
//		}
//		Password  string `rpc:",secret"`   // recorded by its length only
//		Ids       JSONStrings              // one parameter, decodes itself
//	}
//
// Lists are indexed from 1 without gaps. A field is a string, bool, int,
// int32, int64, float64, a pointer to one of them (nil: not given), a type
// with UnmarshalText, a struct or a pointer to one, or a slice of these. The tag
// may rename it.

var textUnmarshaler = reflect.TypeFor[encoding.TextUnmarshaler]()

// field is one member of a request type.
type field struct {
	index    []int
	name     string
	kind     reflect.Type
	required bool
	secret   bool
}

// fields lists the members of a struct type, those of embedded structs
// included.
func fields(t reflect.Type) []field {
	var list []field
	for _, f := range reflect.VisibleFields(t) {
		if f.Anonymous || !f.IsExported() {
			continue
		}
		name, options, _ := strings.Cut(f.Tag.Get("rpc"), ",")
		if name == "" {
			name = f.Name
		}
		list = append(list, field{
			index: f.Index, name: name, kind: f.Type,
			required: strings.Contains(options, "required"),
			secret:   strings.Contains(options, "secret"),
		})
	}
	return list
}

// isScalar reports whether a value of type t is one parameter.
func isScalar(t reflect.Type) bool {
	if t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	return reflect.PointerTo(t).Implements(textUnmarshaler) ||
		t.Kind() != reflect.Struct && t.Kind() != reflect.Slice
}

// secretNames collects the patterns ("Container.N.Env.N.Value") of parameters
// whose value must not be recorded.
func secretNames(t reflect.Type, prefix string, into map[string]bool) {
	for _, f := range fields(t) {
		name, kind := prefix+f.name, f.kind
		if kind.Kind() == reflect.Slice && !isScalar(kind) {
			name, kind = name+".N", kind.Elem()
		}
		if f.secret {
			into[name] = true
		}
		if kind.Kind() == reflect.Pointer {
			kind = kind.Elem()
		}
		if !isScalar(kind) {
			secretNames(kind, name+".", into)
		}
	}
}

// pattern replaces the list indices of a parameter name by N.
func pattern(name string) string {
	parts := strings.Split(name, ".")
	for i, p := range parts {
		if i > 0 && isIndex(p) {
			parts[i] = "N"
		}
	}
	return strings.Join(parts, ".")
}

func isIndex(s string) bool {
	for _, c := range s {
		if c < '0' || c > '9' {
			return false
		}
	}
	return s != ""
}
