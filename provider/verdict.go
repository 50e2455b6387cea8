package provider

import (
	"errors"

	"github.com/ebb-node/ebb/eci"
	"github.com/ebb-node/ebb/provider/resolve"
)

// verdict is what a failed create asks for.
type verdict struct {
	reason string // of the event and of the waiting containers
	pace   pace
	// freshToken: the request was refused and made nothing, so the next one is
	// another attempt. Without it the same request is repeated, because it may
	// have been carried out.
	freshToken bool
	// nextSpec: this size or zone cannot be had, the plan's next one may.
	nextSpec bool
	// final: no repetition can help; the pod has to be changed.
	final bool
	// told: notes on the pod say it already.
	told bool
	// lookup: a group may exist under the token; look for it by tags first.
	lookup bool
}

// Reasons of events and of waiting containers. NoStock, QuotaFull and
// InsufficientBalance are the service's own words
// (https://help.aliyun.com/zh/eci/user-guide/custom-events-of-elastic-container-instance),
// CreateContainerConfigError is a kubelet's.
const (
	ReasonUnsupported    = "Unsupported"    // the pod asks for what ECI does not have
	ReasonInvalidRequest = "InvalidRequest" // ECI refuses what the pod asks for
	ReasonNoStock        = "NoStock"
	ReasonNoAddress      = "NoAddress" // the vSwitches are full
	ReasonQuotaFull      = "QuotaFull"
	ReasonArrears        = "InsufficientBalance"
	ReasonNotPermitted   = "NotPermitted" // ebb's identity lacks a right
	ReasonCloudError     = "CloudError"   // the service fails or does not answer
	ReasonThrottled      = "Throttled"
	ReasonConfigError    = "CreateContainerConfigError" // a named object is missing
)

const (
	reasonUpdate       = "UpdateNotSupported"
	reasonCreated      = "CreatedContainerGroup"
	reasonDeleteFailed = "FailedDeleteContainerGroup"
)

// codeTokenReused is the answer to a client token that was used with other
// parameters (https://www.alibabacloud.com/help/doc-detail/25693.htm).
const codeTokenReused = "IdempotentParameterMismatch"

// judge decides after a create that failed.
func judge(err error) verdict {
	var cloud *eci.Error
	switch {
	case errors.As(err, &cloud) && cloud.Code == codeTokenReused:
		return verdict{reason: ReasonCloudError, pace: paceFast, freshToken: true, lookup: true}
	case eci.IsOutOfStock(err):
		return verdict{reason: ReasonNoStock, pace: paceSlow, freshToken: true, nextSpec: true}
	case eci.IsOutOfAddresses(err):
		return verdict{reason: ReasonNoAddress, pace: paceSlow, freshToken: true, nextSpec: true}
	case eci.IsSpec(err):
		return verdict{reason: ReasonInvalidRequest, pace: paceSlow, freshToken: true, nextSpec: true, final: true}
	case eci.IsInvalid(err):
		return verdict{reason: ReasonInvalidRequest, freshToken: true, final: true}
	case eci.IsQuotaExceeded(err):
		return verdict{reason: ReasonQuotaFull, pace: paceSlow, freshToken: true}
	case eci.IsArrears(err):
		return verdict{reason: ReasonArrears, pace: paceSlow, freshToken: true}
	case eci.IsPermission(err), eci.IsCredential(err):
		return verdict{reason: ReasonNotPermitted, pace: paceSlow, freshToken: true}
	case eci.IsNotFound(err): // a vSwitch, security group or role of the request
		return verdict{reason: ReasonInvalidRequest, pace: paceSlow, freshToken: true}
	case eci.IsThrottled(err):
		return verdict{reason: ReasonThrottled, pace: paceFast}
	}
	refused := cloud != nil && cloud.HTTPStatus >= 400 && cloud.HTTPStatus < 500
	return verdict{reason: ReasonCloudError, pace: paceFast, freshToken: refused}
}

// judgePlan decides after a pod could not be turned into a request.
func judgePlan(err error) verdict {
	if resolve.IsPermanent(err) {
		return verdict{reason: ReasonUnsupported, final: true}
	}
	return verdict{reason: ReasonConfigError, pace: paceFast, told: true}
}

// codeOf is the cloud's code for an error, or "".
func codeOf(err error) string {
	var cloud *eci.Error
	if errors.As(err, &cloud) {
		return cloud.Code
	}
	return ""
}
