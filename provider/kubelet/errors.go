package kubelet

import (
	"errors"
	"net/http"

	"github.com/virtual-kubelet/virtual-kubelet/errdefs"

	"github.com/ebb-node/ebb/eci"
)

// statusError is an error with the HTTP status that tells of it.
type statusError struct {
	status int
	text   string
}

func (e *statusError) Error() string { return e.text }

// statusOf is the HTTP status for an error.
func statusOf(err error) int {
	var own *statusError
	switch {
	case errors.As(err, &own):
		return own.status
	case errdefs.IsNotFound(err), eci.IsNotFound(err):
		return http.StatusNotFound
	case errdefs.IsInvalidInput(err), eci.IsInvalid(err), eci.IsState(err):
		return http.StatusBadRequest
	case eci.IsThrottled(err):
		return http.StatusTooManyRequests
	case eci.IsUnreachable(err):
		return http.StatusBadGateway
	}
	return http.StatusInternalServerError
}

// handler is a handler that may fail before it has written anything.
type handler func(w http.ResponseWriter, r *http.Request) error

// ServeHTTP answers a failure with its status and text.
func (h handler) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if err := h(w, r); err != nil {
		http.Error(w, err.Error(), statusOf(err))
	}
}
