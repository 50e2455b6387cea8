package slb

import (
	"regexp"
	"unicode/utf8"

	"github.com/ebb-node/ebb/mockcloud/rpc"
)

// firstError is the first of some checks that failed.
func firstError(errs ...error) error {
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}

// oneOf accepts a parameter that is not given.
func oneOf(name string, value *string, allowed ...string) error {
	if value == nil {
		return nil
	}
	for _, a := range allowed {
		if *value == a {
			return nil
		}
	}
	return rpc.InvalidParameter(name, "one of %v is wanted", allowed)
}

func onOff(name string, value *string) error { return oneOf(name, value, "on", "off") }

// inRange accepts a parameter that is not given.
func inRange(name string, value *int, low, high int) error {
	if value != nil && (*value < low || *value > high) {
		return rpc.InvalidParameter(name, "%d is not within %d to %d", *value, low, high)
	}
	return nil
}

// length counts characters and accepts a parameter that is not given.
func length(name string, value *string, low, high int) error {
	if value == nil {
		return nil
	}
	if n := utf8.RuneCountInString(*value); n < low || n > high {
		return rpc.InvalidParameter(name, "it has %d characters, not %d to %d", n, low, high)
	}
	return nil
}

// objectName matches names of rules and vServer groups and descriptions of
// members; their lengths differ.
var objectName = regexp.MustCompile(`^[A-Za-z0-9\-/._]+$`)

func named(name, value string, longest int) error {
	if len(value) > longest || !objectName.MatchString(value) {
		return rpc.InvalidParameter(name, "1 to %d letters, digits or - / . _ are wanted", longest)
	}
	return nil
}

func given(name, value string) error {
	if value == "" {
		return rpc.MissingParameter(name)
	}
	return nil
}

func ptr[T any](v T) *T { return &v }

// value is what a pointer points to, or the zero value.
func value[T any](p *T) T {
	if p == nil {
		var zero T
		return zero
	}
	return *p
}

// standard fills a parameter that is not given.
func standard[T any](p **T, v T) {
	if *p == nil {
		*p = &v
	}
}
