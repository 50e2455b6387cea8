package rpc

import (
	"encoding"
	"encoding/json"
	"reflect"
	"slices"
	"strconv"
	"strings"
)

// JSONStrings is a parameter that holds a JSON array of strings, such as
// ContainerGroupIds.
type JSONStrings []string

// UnmarshalText implements encoding.TextUnmarshaler.
func (j *JSONStrings) UnmarshalText(text []byte) error {
	return json.Unmarshal(text, (*[]string)(j))
}

// node is a tree of parameters by the parts of their names.
type node struct {
	name  string // full
	value *string
	kids  map[string]*node
}

func tree(params map[string]string) *node {
	root := &node{}
	for name, value := range params {
		n, full := root, ""
		for part := range strings.SplitSeq(name, ".") {
			full = strings.TrimPrefix(full+"."+part, ".")
			if n.kids[part] == nil {
				if n.kids == nil {
					n.kids = map[string]*node{}
				}
				n.kids[part] = &node{name: full}
			}
			n = n.kids[part]
		}
		n.value = &value
	}
	return root
}

// decode fills the struct that into points to and refuses every parameter that
// its type does not know.
func decode(params map[string]string, into any) error {
	return decodeStruct(tree(params), reflect.ValueOf(into).Elem())
}

func decodeStruct(n *node, into reflect.Value) error {
	if n.value != nil {
		return unknown(n)
	}
	left := make(map[string]*node, len(n.kids))
	for k, v := range n.kids {
		left[k] = v
	}
	for _, f := range fields(into.Type()) {
		kid, given := left[f.name]
		if !given {
			if f.required {
				return MissingParameter(strings.TrimPrefix(n.name+"."+f.name, "."))
			}
			continue
		}
		delete(left, f.name)
		if err := decodeValue(kid, into.FieldByIndex(f.index)); err != nil {
			return err
		}
		if f.required && kid.value != nil && *kid.value == "" {
			return MissingParameter(kid.name)
		}
	}
	return firstUnknown(left)
}

func decodeValue(n *node, into reflect.Value) error {
	switch {
	case isScalar(into.Type()):
		return decodeScalar(n, into)
	case into.Kind() == reflect.Slice:
		return decodeList(n, into)
	case into.Kind() == reflect.Pointer:
		into.Set(reflect.New(into.Type().Elem()))
		return decodeStruct(n, into.Elem())
	default:
		return decodeStruct(n, into)
	}
}

func decodeList(n *node, into reflect.Value) error {
	if n.value != nil {
		return InvalidParameter(n.name, "it is a list, write %s.1", n.name)
	}
	list := reflect.MakeSlice(into.Type(), len(n.kids), len(n.kids))
	for part, kid := range n.kids {
		i, err := strconv.Atoi(part)
		switch {
		case err != nil || i < 1 || strconv.Itoa(i) != part:
			return unknown(kid)
		case i > len(n.kids):
			return InvalidParameter(kid.name, "list indices start at 1 and have no gaps")
		}
		if err := decodeValue(kid, list.Index(i-1)); err != nil {
			return err
		}
	}
	into.Set(list)
	return nil
}

func decodeScalar(n *node, into reflect.Value) error {
	if n.value == nil {
		return firstUnknown(n.kids)
	}
	if err := firstUnknown(n.kids); err != nil {
		return err
	}
	target := into
	if into.Kind() == reflect.Pointer {
		target = reflect.New(into.Type().Elem()).Elem()
	}
	if err := parseScalar(*n.value, target); err != nil {
		return InvalidParameter(n.name, "%v", err)
	}
	if into.Kind() == reflect.Pointer {
		into.Set(target.Addr())
	}
	return nil
}

// parseScalar never repeats the value in its error: it may be a secret.
func parseScalar(text string, into reflect.Value) error {
	if u, ok := into.Addr().Interface().(encoding.TextUnmarshaler); ok {
		if u.UnmarshalText([]byte(text)) != nil {
			return parseError("not well formed")
		}
		return nil
	}
	switch into.Kind() {
	case reflect.Bool:
		v, err := strconv.ParseBool(strings.ToLower(text))
		if err != nil {
			return parseError("true or false is wanted")
		}
		into.SetBool(v)
	case reflect.Int, reflect.Int32, reflect.Int64:
		v, err := strconv.ParseInt(text, 10, into.Type().Bits())
		if err != nil {
			return parseError("an integer is wanted")
		}
		into.SetInt(v)
	case reflect.Float64:
		v, err := strconv.ParseFloat(text, 64)
		if err != nil {
			return parseError("a number is wanted")
		}
		into.SetFloat(v)
	default:
		into.SetString(text)
	}
	return nil
}

type parseError string

func (e parseError) Error() string { return string(e) }

func unknown(n *node) error {
	for n.value == nil && len(n.kids) > 0 {
		n = firstKid(n.kids)
	}
	return InvalidParameter(n.name, "the action does not know it")
}

func firstUnknown(kids map[string]*node) error {
	if len(kids) == 0 {
		return nil
	}
	return unknown(firstKid(kids))
}

// firstKid makes the choice of what to complain about a stable one.
func firstKid(kids map[string]*node) *node {
	names := make([]string, 0, len(kids))
	for name := range kids {
		names = append(names, name)
	}
	return kids[slices.Min(names)]
}
