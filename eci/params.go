package eci

import (
	"fmt"
	"sort"
	"strconv"
	"strings"
)

// params are wire parameters by name. Zero values are left out, except in
// lists, where leaving one out would shift the others.
type params map[string]string

func (p params) text(name, value string) {
	if value != "" {
		p[name] = value
	}
}

func (p params) integer(name string, value int64) {
	if value != 0 {
		p[name] = strconv.FormatInt(value, 10)
	}
}

func (p params) optional(name string, value *int64) {
	if value != nil {
		p[name] = strconv.FormatInt(*value, 10)
	}
}

func (p params) number(name string, value float64) {
	if value != 0 {
		p[name] = decimal(value)
	}
}

func (p params) flag(name string, value bool) {
	if value {
		p[name] = "true"
	}
}

func (p params) list(name string, values []string) {
	for i, v := range values {
		p[at(name, i)] = v
	}
}

// pairs writes key-value lists, whose first member the API calls Key for tags
// and Name elsewhere.
func (p params) pairs(name, key string, values []KeyValue) {
	for i, v := range values {
		p[at(name, i)+"."+key] = v.Key
		p.text(at(name, i)+".Value", v.Value)
	}
}

// at is the name of a list's member; the API counts from one.
func at(name string, i int) string { return name + "." + strconv.Itoa(i+1) }

// decimal is a float without trailing zeros; six digits are what the SDK
// sends and hold every MiB as a share of a GiB to less than a KiB.
func decimal(v float64) string {
	return strings.TrimRight(strings.TrimRight(strconv.FormatFloat(v, 'f', 6, 64), "0"), ".")
}

// octal is a file mode the way the API wants it: four octal digits, which it
// reads as a number.
func octal(mode int32) string { return fmt.Sprintf("%04o", mode&0o7777) }

func sortedKeys(m map[string]string) []string {
	keys := make([]string, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	sort.Strings(keys)
	return keys
}
