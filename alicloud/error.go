package alicloud

import (
	"context"
	"errors"
	"fmt"
	"strings"
)

// Codes of failures that the service did not name itself.
const (
	// CodeUnreachable means that no connection or no whole answer came about.
	CodeUnreachable = "Client.Unreachable"
	// CodeTimeout means that an attempt took longer than Config.Timeout.
	CodeTimeout = "Client.Timeout"
	// CodeCredentials means that there is no access key to sign with.
	CodeCredentials = "Client.Credentials"
	// CodeBadAnswer means that the answer is not what the API documents.
	CodeBadAnswer = "Client.BadAnswer"
)

// Error is a call that failed. Its text is one line and holds no parameter,
// URL or key.
type Error struct {
	Product    string
	Action     string
	Code       string
	Message    string
	RequestID  string
	HTTPStatus int // zero when no answer came
	Class      Class

	cause   error
	renewed bool // the key was thrown away: the next attempt signs with another
}

// Error names the action, the code, the cause and, where there is one, what to
// check.
func (e *Error) Error() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s %s: %s", strings.ToLower(e.Product), e.Action, e.Code)
	if e.Message != "" {
		b.WriteString(": " + e.Message)
	}
	if e.HTTPStatus != 0 {
		fmt.Fprintf(&b, " (HTTP %d", e.HTTPStatus)
		if e.RequestID != "" {
			b.WriteString(", request " + e.RequestID)
		}
		b.WriteString(")")
	}
	return b.String()
}

// Unwrap is the local cause of a transport failure.
func (e *Error) Unwrap() error { return e.cause }

// ClassOf returns the class of the *Error in err's chain.
func ClassOf(err error) Class {
	var e *Error
	if errors.As(err, &e) {
		return e.Class
	}
	return ClassUnknown
}

// IsThrottled reports that the quota of an action is used up for the moment.
func IsThrottled(err error) bool { return ClassOf(err) == ClassThrottled }

// IsNotFound reports that the object of the call does not exist.
func IsNotFound(err error) bool { return ClassOf(err) == ClassNotFound }

// IsOutOfStock reports that the cloud has no such machine in the zone now.
func IsOutOfStock(err error) bool { return ClassOf(err) == ClassStock }

// IsOutOfAddresses reports that a vSwitch has no free address.
func IsOutOfAddresses(err error) bool { return ClassOf(err) == ClassAddresses }

// IsQuotaExceeded reports that a limit of the account is reached.
func IsQuotaExceeded(err error) bool { return ClassOf(err) == ClassQuota }

// IsArrears reports that the account does not pay.
func IsArrears(err error) bool { return ClassOf(err) == ClassArrears }

// IsPermission reports that the identity may not do this.
func IsPermission(err error) bool { return ClassOf(err) == ClassPermission }

// IsCredential reports that the identity is unknown, expired or badly signed.
func IsCredential(err error) bool { return ClassOf(err) == ClassCredential }

// IsSpec reports that the asked machine size is impossible; another may work.
func IsSpec(err error) bool { return ClassOf(err) == ClassSpec }

// IsInvalid reports that the request can never work as it is.
func IsInvalid(err error) bool {
	c := ClassOf(err)
	return c == ClassInvalid || c == ClassSpec
}

// IsState reports that the object's state forbids the action now.
func IsState(err error) bool { return ClassOf(err) == ClassState }

// IsDryRun reports the answer of a dry run that would have succeeded.
func IsDryRun(err error) bool { return ClassOf(err) == ClassDryRun }

// IsUnreachable reports that no answer came, so that the request may or may
// not have been carried out.
func IsUnreachable(err error) bool { return ClassOf(err) == ClassTransport }

// IsRetryable reports that the same request may work later without anybody
// changing anything.
func IsRetryable(err error) bool {
	return ClassOf(err).passes() || errors.Is(err, context.DeadlineExceeded)
}
