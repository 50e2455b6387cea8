package eci

import (
	"fmt"
	"slices"
	"strings"

	"github.com/ebb-node/ebb/mockcloud/rpc"
)

// indexed names the i-th item (from zero) of a list parameter.
func indexed(name string, i int) string { return fmt.Sprintf("%s.%d", name, i+1) }

func firstError(errs ...error) error {
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}

// oneOf accepts "" and the words.
func oneOf(name, value string, words ...string) error {
	if value == "" || slices.Contains(words, value) {
		return nil
	}
	return rpc.InvalidParameter(name, "one of %s is wanted", strings.Join(words, ", "))
}

func eachOf(name string, values []string, words ...string) error {
	for i, v := range values {
		if err := oneOf(indexed(name, i), v, words...); err != nil {
			return err
		}
	}
	return nil
}

func between[T int | int64](name string, value *T, low, high T) error {
	if value == nil || low <= *value && *value <= high {
		return nil
	}
	return rpc.InvalidParameter(name, "%d to %d is wanted", low, high)
}

// splitList splits a comma list and drops blanks.
func splitList(text string) []string {
	var list []string
	for item := range strings.SplitSeq(text, ",") {
		if item = strings.TrimSpace(item); item != "" {
			list = append(list, item)
		}
	}
	return list
}
