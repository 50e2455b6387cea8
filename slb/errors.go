package slb

import (
	"context"
	"errors"
	"net/http"
	"slices"

	"github.com/ebb-node/ebb/alicloud"
)

// classes are CLB's error codes by prefix
// (https://www.alibabacloud.com/help/en/slb/classic-load-balancer/developer-reference/api-slb-2014-05-15-errorcodes).
// Busy codes come with 400, 409 and 449, so that only the code tells.
var classes = map[string]alicloud.Class{
	"ServiceIsConfiguring":                     alicloud.ClassBusy,
	"BackendServer.configuring":                alicloud.ClassBusy,
	"VServerGroupProcessing":                   alicloud.ClassBusy,
	"OperationBusy":                            alicloud.ClassBusy,
	"OperationConflict":                        alicloud.ClassBusy,
	"ProcessingSameRequest":                    alicloud.ClassBusy,
	"ServiceIsStopping":                        alicloud.ClassBusy,
	"SystemBusy":                               alicloud.ClassBusy,
	"OperationFailed.ListenerStatusNotSupport": alicloud.ClassBusy,
	"OperationFailed.TokenIsProcessing":        alicloud.ClassBusy,
	"DomainExtensionProcessing":                alicloud.ClassBusy,
	"AclEntryProcessing":                       alicloud.ClassBusy,
	// The object that refers to the one to delete is being deleted.
	"RspoolVipExist":                       alicloud.ClassBusy,
	"RspoolRuleExist":                      alicloud.ClassBusy,
	"CertificateAndPrivateKeyIsRefered":    alicloud.ClassBusy,
	"InternalInvokeError":                  alicloud.ClassService,
	"Rejected.Throttling":                  alicloud.ClassThrottled,
	"ObtainIpFail":                         alicloud.ClassState, // the pod does not run yet, or no longer
	"VServerGroupEmpty":                    alicloud.ClassState,
	"ActionNotAllowed":                     alicloud.ClassState, // the instance is locked
	"VSwitchAvailableIpNotExist":           alicloud.ClassAddresses,
	"TooManyRules":                         alicloud.ClassQuota,
	"TooManyBackendServers":                alicloud.ClassQuota,
	"ListenerNumberOverLimit":              alicloud.ClassQuota,
	"OverQuota":                            alicloud.ClassQuota,
	"InstanceBackendServerNumberOverLimit": alicloud.ClassQuota,
	"TagCountLimit":                        alicloud.ClassQuota,
	"LX_REQUEST_TOKEN_CONFLICT":            alicloud.ClassInvalid,
	"RuleListMalformed":                    alicloud.ClassInvalid,
	"DomainMalformed":                      alicloud.ClassInvalid,
	"UrlMalformed":                         alicloud.ClassInvalid,
	"DomainExist":                          alicloud.ClassInvalid,
	"URLNotSupport":                        alicloud.ClassInvalid,
	"RuleNotSupport":                       alicloud.ClassInvalid,
	"BackendServersMalformed":              alicloud.ClassInvalid,
	"InvalidWeight.Malformed":              alicloud.ClassInvalid,
	"InvalidServerId.NotFound":             alicloud.ClassInvalid, // of a member
	"InvalidBackendServers.Inconsistent":   alicloud.ClassInvalid,
	"VipNotMatchRspool":                    alicloud.ClassInvalid,
	"ListenerAlreadyExists":                alicloud.ClassInvalid,
	"KeyFormatError":                       alicloud.ClassInvalid,
	"PrivateKeyEncryption":                 alicloud.ClassInvalid,
	"CertificateNotMatchPrivateKey":        alicloud.ClassInvalid,
	"InvalidLoadBalancerId.NotFound":       alicloud.ClassNotFound,
	"ListenerNotFound":                     alicloud.ClassNotFound,
	"InvalidRuleId.NotFound":               alicloud.ClassNotFound,
	"ServerCertificateId.NotFound":         alicloud.ClassNotFound,
	"InvalidParameter.DomainExtensionId":   alicloud.ClassNotFound,
}

// deleted turns the answer to a delete of what does not exist into success. A
// missing vServer group is answered as InvalidParameter with status 404.
func deleted(err error) error {
	var e *alicloud.Error
	if errors.As(err, &e) && (e.Class == alicloud.ClassNotFound || e.HTTPStatus == http.StatusNotFound) && e.Code != codeNoInstance {
		return nil
	}
	return err
}

const (
	// codeNoInstance means that the load balancer does not exist.
	codeNoInstance = "InvalidLoadBalancerId.NotFound"
	// codeNoRoom means that the instance is full of backend servers.
	codeNoRoom = "InstanceBackendServerNumberOverLimit"
)

// existing are the codes that answer a create of what is there already, by a
// lost answer or a half-done batch. Reading back tells whether it is as wanted.
var existing = []string{"DomainExist", "ListenerAlreadyExists"}

func codeOf(err error) string {
	var e *alicloud.Error
	if errors.As(err, &e) {
		return e.Code
	}
	return ""
}

func exists(err error) bool { return slices.Contains(existing, codeOf(err)) }

// transient reports whether the same write may work soon without anybody
// changing anything.
func transient(err error) bool {
	class := alicloud.ClassOf(err)
	return alicloud.IsRetryable(err) || class == alicloud.ClassState || class == alicloud.ClassUnknown || codeOf(err) == codeNoRoom
}

// stopped reports an error that ends everything: the caller has given up.
func stopped(ctx context.Context) bool { return ctx.Err() != nil }
