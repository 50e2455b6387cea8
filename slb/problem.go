package slb

import (
	"errors"
	"fmt"
)

// Problem is an object that is not as desired, and why. Its error is an
// *InvalidError, *LimitError, *ConflictError, *BlockedError, *GoneError, or
// what a call of the API returned.
type Problem struct {
	Object Object
	Err    error
}

func (p Problem) Error() string { return p.Object.String() + ": " + p.Err.Error() }

// Unwrap is the reason.
func (p Problem) Unwrap() error { return p.Err }

// InvalidError is a desired object that the service would refuse.
type InvalidError struct {
	Field string
	Why   string
}

func (e *InvalidError) Error() string { return e.Field + " " + e.Why }

// LimitError is a desired object for which there is no place.
type LimitError struct {
	What  string // what is counted: "rules of a listener"
	Limit int
}

func (e *LimitError) Error() string {
	return fmt.Sprintf("there is no place for it: the limit of %s is %d", e.What, e.Limit)
}

// ConflictError is a desired object whose place somebody else's object has.
type ConflictError struct {
	With string
}

func (e *ConflictError) Error() string {
	return e.With + " is in its place and belongs to somebody else; remove it or choose another place"
}

// BlockedError is an object that waits for another one.
type BlockedError struct {
	By Object
}

func (e *BlockedError) Error() string { return "it waits for " + e.By.String() }

// GoneError is a load balancer that no longer exists. It is never replaced
// silently: DNS and clients point at its address.
type GoneError struct {
	ID string
}

func (e *GoneError) Error() string {
	return "load balancer " + e.ID + " does not exist; restore it, or remove its id to get a new one with a new address"
}

// IsGone reports that the load balancer no longer exists.
func IsGone(err error) bool {
	var gone *GoneError
	return errors.As(err, &gone)
}
