package eci

import "github.com/ebb-node/ebb/alicloud"

// classes are ECI's error codes by prefix
// (https://help.aliyun.com/zh/eci/developer-reference/api-eci-2018-08-08-errorcodes).
var classes = map[string]alicloud.Class{
	"Degrade.Api":                                 alicloud.ClassThrottled,
	"EipPurchaseFlowControl":                      alicloud.ClassThrottled,
	"Throttling.Vcpu.PerDay":                      alicloud.ClassQuota, // passes after hours
	"OperationConflict":                           alicloud.ClassBusy,
	"OperationDenied.NoStock":                     alicloud.ClassStock,
	"Zone.NotOnSale":                              alicloud.ClassStock,
	"Spot.NotMatched":                             alicloud.ClassStock,
	"ContainerGroup.NoStock":                      alicloud.ClassStock,
	"RecommendEmpty.InstanceTypeFamilyNotMatched": alicloud.ClassStock,

	"InvalidVSwitchId.IpNotEnough": alicloud.ClassAddresses,

	"QuotaExceeded":              alicloud.ClassQuota,
	"DiskNumber.LimitExceed":     alicloud.ClassQuota,
	"DedicatedHostQuotaExceeded": alicloud.ClassQuota,

	"Account.Arrearage":                              alicloud.ClassArrears,
	"InvalidPaymentMethod.InsufficientBalance":       alicloud.ClassArrears,
	"Payfor.CreditPayInsufficientBalance":            alicloud.ClassArrears,
	"EipPayInsufficientBalance":                      alicloud.ClassArrears,
	"InvalidUser.PassRoleForbidden":                  alicloud.ClassPermission,
	"ServiceNotEnabled":                              alicloud.ClassPermission,
	"CreateServiceLinkedRole.Denied":                 alicloud.ClassPermission,
	"FeatureAccessRestricted":                        alicloud.ClassPermission,
	"SecurityRisk.3DVerification":                    alicloud.ClassPermission,
	"OperationFailed.RiskControl":                    alicloud.ClassPermission,
	"InvalidOperation.ResourceManagedByCloudProduct": alicloud.ClassPermission,

	"InvalidParameter.CPU.Memory":              alicloud.ClassSpec,
	"InvalidSpotCpuMemorySpec":                 alicloud.ClassSpec,
	"HighCpuMemConfigRequired":                 alicloud.ClassSpec,
	"LocalDiskAmountNotMatch":                  alicloud.ClassSpec,
	"InvalidInstanceTypeForEciBuy":             alicloud.ClassSpec,
	"InvalidInstanceTypeForEciSpotDurationBuy": alicloud.ClassSpec,
	"InstanceTypeNotMatchCpuArch":              alicloud.ClassSpec,
	"PrivatePoolInstanceSpotNotSupport":        alicloud.ClassSpec,
	"Ipv6AddressNotSupport":                    alicloud.ClassSpec,

	"OperationDenied.VswZoneMisMatch":       alicloud.ClassInvalid,
	"OperationDenied.SecurityGroupMisMatch": alicloud.ClassInvalid,
	"PrivateIpAddress.Already.InUse":        alicloud.ClassInvalid,
	// 503, yet it does not pass by itself: the registry refuses the password.
	"containerRepositoryAuthorizationFailed": alicloud.ClassInvalid,
	"ImageSnapshot.":                         alicloud.ClassInvalid,
	"InvalidDiskId.NotFound":                 alicloud.ClassInvalid,
	"DiskVolume.":                            alicloud.ClassInvalid,
	"CloudDisk.NotInSameZone":                alicloud.ClassInvalid,
	"RamRole.NotSupport":                     alicloud.ClassInvalid,
	"FeatureBasedConstraintConflict":         alicloud.ClassInvalid,
	"JobInstance":                            alicloud.ClassInvalid,
	"CorePattern.UpdateFail":                 alicloud.ClassInvalid,

	"IncorrectStatus":    alicloud.ClassState,
	"IncorrectOperation": alicloud.ClassState,
	"InvalidAction":      alicloud.ClassState, // restart of a group that cannot
	// The gateway's answer for an action that does not exist.
	"InvalidAction.NotFound": alicloud.ClassInvalid,

	// Both are listed for a dry run that passes.
	"DryRunOperation": alicloud.ClassDryRun,
	"DryRun.Success":  alicloud.ClassDryRun,
}

// Error is a call that the service refused or never answered.
type Error = alicloud.Error

// IsThrottled reports that the quota of an action is used up for the moment.
func IsThrottled(err error) bool { return alicloud.IsThrottled(err) }

// IsNotFound reports that the container group or container does not exist.
func IsNotFound(err error) bool { return alicloud.IsNotFound(err) }

// IsOutOfStock reports that the zone has no such machine now; another zone or
// size may.
func IsOutOfStock(err error) bool { return alicloud.IsOutOfStock(err) }

// IsOutOfAddresses reports that the vSwitch is full; another may not be.
func IsOutOfAddresses(err error) bool { return alicloud.IsOutOfAddresses(err) }

// IsQuotaExceeded reports that a limit of the account is reached.
func IsQuotaExceeded(err error) bool { return alicloud.IsQuotaExceeded(err) }

// IsArrears reports that the account does not pay.
func IsArrears(err error) bool { return alicloud.IsArrears(err) }

// IsPermission reports that the identity may not do this.
func IsPermission(err error) bool { return alicloud.IsPermission(err) }

// IsCredential reports that the access key is unknown, wrong or expired.
func IsCredential(err error) bool { return alicloud.IsCredential(err) }

// IsSpec reports that this size is impossible; another may work.
func IsSpec(err error) bool { return alicloud.IsSpec(err) }

// IsInvalid reports that the request can never work as it is.
func IsInvalid(err error) bool { return alicloud.IsInvalid(err) }

// IsState reports that the group's state forbids the action now.
func IsState(err error) bool { return alicloud.IsState(err) }

// IsUnreachable reports that no answer came: the request may or may not have
// been carried out.
func IsUnreachable(err error) bool { return alicloud.IsUnreachable(err) }

// IsRetryable reports that the same request, with the same ClientToken, may
// work later by itself.
func IsRetryable(err error) bool { return alicloud.IsRetryable(err) }

// invalid is a request that is refused without asking the service.
func invalid(action, message string) error {
	return &alicloud.Error{
		Product: product.Name, Action: action, Code: "InvalidParameter",
		Message: message, Class: alicloud.ClassInvalid,
	}
}
