package alicloud

import "strings"

// Class is what an error code asks a caller to do.
type Class int

// The classes. Those after ClassUnknown up to ClassNonce pass by themselves
// and are retried by Call.
const (
	// ClassUnknown is a code that no table has.
	ClassUnknown Class = iota
	// ClassThrottled means too many calls.
	ClassThrottled
	// ClassService is a failure of the service itself.
	ClassService
	// ClassTransport means that no answer came: the request may have been
	// carried out.
	ClassTransport
	// ClassBusy means that another operation on the object is under way.
	ClassBusy
	// ClassNonce is a signature nonce that was used before.
	ClassNonce
	// ClassStock means that the cloud has no such machine now, here.
	ClassStock
	// ClassAddresses means that a vSwitch has no free address.
	ClassAddresses
	// ClassQuota is a limit of the account that is lifted by asking or by
	// waiting for hours.
	ClassQuota
	// ClassArrears means that the account does not pay.
	ClassArrears
	// ClassPermission means that the identity may not do this.
	ClassPermission
	// ClassCredential means that the identity is not accepted at all.
	ClassCredential
	// ClassSpec means that this machine size is impossible; another may work.
	ClassSpec
	// ClassInvalid means that the request can never work.
	ClassInvalid
	// ClassNotFound means that the object does not exist.
	ClassNotFound
	// ClassState means that the object's state forbids it now.
	ClassState
	// ClassDryRun is the answer of a dry run that would have succeeded.
	ClassDryRun
)

// passes reports whether an error of the class may be gone at the next try.
func (c Class) passes() bool {
	return c > ClassUnknown && c <= ClassNonce
}

// commonClasses are the codes that every RPC product can answer
// (https://help.aliyun.com/en/sdk/product-overview/rpc-mechanism and the ECI
// error page, api-eci-2018-08-08-errorcodes). Matched by prefix, since
// sub-codes vary.
var commonClasses = map[string]Class{
	"Throttling":                  ClassThrottled,
	"ServiceUnavailable":          ClassService,
	"InternalError":               ClassService,
	"SignatureNonceUsed":          ClassNonce,
	"InvalidAccessKeyId":          ClassCredential,
	"InvalidAccessKeySecret":      ClassCredential,
	"SignatureDoesNotMatch":       ClassCredential,
	"IncompleteSignature":         ClassCredential,
	"InvalidTimeStamp":            ClassCredential,
	"InvalidSecurityToken":        ClassCredential,
	"MissingSecurityToken":        ClassCredential,
	"Forbidden":                   ClassPermission,
	"NoPermission":                ClassPermission,
	"MissingParameter":            ClassInvalid,
	"Missing":                     ClassInvalid,
	"InvalidParameter":            ClassInvalid,
	"InvalidAction":               ClassInvalid,
	"InvalidVersion":              ClassInvalid,
	"UnsupportedOperation":        ClassInvalid,
	"UnsupportedHTTPMethod":       ClassInvalid,
	"InvalidRegionId":             ClassInvalid,
	"IdempotentParameterMismatch": ClassInvalid,
	"QuotaExceeded":               ClassQuota,
}

// classify finds what a code means: the product's table, then the common one,
// then the form of the code, then the HTTP status.
func classify(p *Product, code string, status int) Class {
	if c, ok := longestPrefix(p.Classes, code); ok {
		return c
	}
	if c, ok := longestPrefix(commonClasses, code); ok {
		return c
	}
	switch {
	case strings.HasSuffix(code, "NotFound") || status == 404:
		return ClassNotFound
	case status >= 500:
		return ClassService
	case status == 429:
		return ClassThrottled
	}
	return ClassUnknown
}

func longestPrefix(table map[string]Class, code string) (Class, bool) {
	best, class, found := -1, ClassUnknown, false
	for prefix, c := range table {
		if len(prefix) > best && strings.HasPrefix(code, prefix) {
			best, class, found = len(prefix), c, true
		}
	}
	return class, found
}
