package rpc

import (
	"fmt"
	"net/http"
)

// Error is an answer that refuses a call.
type Error struct {
	Status  int    // HTTP status
	Code    string // documented code; clients branch on it
	Message string
}

// Error implements error.
func (e *Error) Error() string {
	return fmt.Sprintf("%s (HTTP %d): %s", e.Code, e.Status, e.Message)
}

// Errorf makes an Error.
func Errorf(status int, code, format string, args ...any) *Error {
	return &Error{Status: status, Code: code, Message: fmt.Sprintf(format, args...)}
}

// InvalidParameter refuses a parameter by name; documented with HTTP 400.
func InvalidParameter(name, format string, args ...any) *Error {
	return Errorf(http.StatusBadRequest, "InvalidParameter",
		"The specified parameter %s is not valid: %s.", name, fmt.Sprintf(format, args...))
}

// MissingParameter names a mandatory parameter that is not there.
func MissingParameter(name string) *Error {
	return Errorf(http.StatusBadRequest, "MissingParameter",
		"The input parameter %q that is mandatory for processing this request is not supplied.", name)
}

// Throttled is the answer to a call over a limit; documented with HTTP 400.
func Throttled() *Error {
	return Errorf(http.StatusBadRequest, "Throttling.User",
		"Request was denied due to user flow control.")
}

func internalError() *Error {
	return Errorf(http.StatusInternalServerError, "InternalError",
		"The request processing has failed due to some unknown error.")
}
