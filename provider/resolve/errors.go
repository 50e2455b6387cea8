package resolve

import (
	"errors"
	"fmt"
)

// UnsupportedError says that a pod asks for something that cannot be had, now
// or later. The pod has to be changed.
type UnsupportedError struct {
	Field  string // path of the field in the pod, such as spec.containers[0].env[2].valueFrom
	Reason string // what is wrong with it
	Hint   string // what to do about it; may be empty
}

// Error names the field, the reason and the way out.
func (e *UnsupportedError) Error() string {
	if e.Hint == "" {
		return fmt.Sprintf("%s: %s", e.Field, e.Reason)
	}
	return fmt.Sprintf("%s: %s; %s", e.Field, e.Reason, e.Hint)
}

// PendingError says that something that the pod names is not there yet or
// could not be read. Trying again later may succeed.
type PendingError struct {
	Field  string // path of the field that names the object
	Reason string // reason of the event, such as MandatorySecretNotFound
	Err    error  // what happened; never holds an object's content
}

// Error names the field and what happened.
func (e *PendingError) Error() string {
	return fmt.Sprintf("%s: %v", e.Field, e.Err)
}

// Unwrap returns what happened.
func (e *PendingError) Unwrap() error { return e.Err }

// IsPermanent reports whether err holds an UnsupportedError: whatever else is
// wrong, trying again cannot help.
func IsPermanent(err error) bool {
	var unsupported *UnsupportedError
	return errors.As(err, &unsupported)
}

// Problems returns the single errors that a joined err consists of.
func Problems(err error) []error {
	if err == nil {
		return nil
	}
	if joined, ok := err.(interface{ Unwrap() []error }); ok {
		var all []error
		for _, e := range joined.Unwrap() {
			all = append(all, Problems(e)...)
		}
		return all
	}
	return []error{err}
}
