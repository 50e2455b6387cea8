package translate

// Prefix is what the keys of ECI's annotations begin with.
const Prefix = "k8s.aliyun.com/"

// Keys of annotations, without the prefix, that need more than passing on.
// The meaning of each is documented at
// https://help.aliyun.com/zh/eci/user-guide/pod-annotations and
// https://help.aliyun.com/document_detail/144561.html
const (
	keyVSwitch       = "eci-vswitch"
	keySecurityGroup = "eci-security-group"
	keyResourceGroup = "eci-resource-group-id"
	keyCustomTags    = "eci-custom-tags"
	keyRAMRole       = "eci-ram-role-name"

	keyUseSpecs           = "eci-use-specs"
	keyInstanceType       = "eci-instance-type"
	keyInstanceFamily     = "eci-instance-family"
	keyInstanceGeneration = "eci-instance-generation"

	keySpotStrategy        = "eci-spot-strategy"
	keySpotPriceLimit      = "eci-spot-price-limit"
	keySpotDuration        = "eci-spot-duration"
	keySpotFallback        = "eci-spot-fallback"
	keySpotReleaseStrategy = "eci-spot-release-strategy"

	keyFailStrategy = "eci-fail-strategy"
	keyFailOnError  = "pod-fail-on-create-err"
	keyReschedule   = "eci-reschedule-enable"

	keyACRInstanceIDs    = "acr-instance-ids"
	keyACRInstanceIDOld  = "acr-instance-id"
	keyACRServiceARNs    = "acr-service-arns"
	keyACRUserARNs       = "acr-user-arns"
	keyImageCacheID      = "eci-imc-id"
	keyImageSnapshotID   = "eci-image-snapshot-id"
	keyAutoImageCache    = "eci-auto-imc"
	keyAutoImageCacheOld = "eci-image-cache"

	keyEIPInstanceID     = "eci-eip-instanceid"
	keyWithEIP           = "eci-with-eip"
	keyEIPBandwidth      = "eip-bandwidth"
	keyEIPPackage        = "eip-common-bandwidth-package-id"
	keyEIPPackageOld     = "eip-common-bandwith-package-id" // the spelling of a 2021 page
	keyEIPISP            = "eip-isp"
	keyEnableIPv6        = "eci-enable-ipv6"
	keyIPv6Count         = "eci-ipv6-count"
	keyIPv6Public        = "eci-ipv6-bandwidth-enable"
	keyIPv6Bandwidth     = "eci-ipv6-bandwidth"
	keyIngressBandwidth  = "ingress-bandwidth"
	keyEgressBandwidth   = "egress-bandwidth"
	keyFixedIP           = "eci-fixed-ip"
	keyFixedIPRetainHour = "eci-fixed-ip-retain-hour"
	keyCustomDNS         = "eci-custom-dnsconfig"
	keyCustomHosts       = "eci-custom-hosts"

	keyExtraStorage   = "eci-extra-ephemeral-storage"
	keyStorageOptions = "eci-ephemeral-storage-options"
	keyDiskVolume     = "eci-set-diskvolume"
	keyCorePattern    = "eci-core-pattern"
	keyHostSysctls    = "eci-host-sysctls"
	keySLSEnable      = "eci-sls-enable"
)

// handledKeys are the keys above; the tables of passed on, refused and
// ignored annotations have their own.
var handledKeys = []string{
	keyVSwitch, keySecurityGroup, keyResourceGroup, keyCustomTags, keyRAMRole,
	keyUseSpecs, keyInstanceType, keyInstanceFamily, keyInstanceGeneration,
	keySpotStrategy, keySpotPriceLimit, keySpotDuration, keySpotFallback, keySpotReleaseStrategy,
	keyFailStrategy, keyFailOnError, keyReschedule,
	keyACRInstanceIDs, keyACRInstanceIDOld, keyACRServiceARNs, keyACRUserARNs,
	keyImageCacheID, keyImageSnapshotID, keyAutoImageCache, keyAutoImageCacheOld,
	keyEIPInstanceID, keyWithEIP, keyEIPBandwidth, keyEIPPackage, keyEIPPackageOld, keyEIPISP,
	keyEnableIPv6, keyIPv6Count, keyIPv6Public, keyIPv6Bandwidth, keyIngressBandwidth, keyEgressBandwidth,
	keyFixedIP, keyFixedIPRetainHour, keyCustomDNS, keyCustomHosts,
	keyExtraStorage, keyStorageOptions, keyDiskVolume, keyCorePattern, keyHostSysctls, keySLSEnable,
}

// writtenKeys are written back to pods by a node, so a pod may carry them.
var writtenKeys = []string{
	"eci-request-id", "eci-instance-id", "eci-instance-spec", "eci-instance-cpu", "eci-instance-mem",
	"eci-instance-zone", "eci-instance-compute-category", "eci-vpc", "eci-matched-image-cache",
	"eci-created-by-template", "eci-schedule-result", "eci-client-token", "eci-drop-apiserver-interactive-caps",
}
