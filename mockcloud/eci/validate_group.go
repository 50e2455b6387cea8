package eci

import (
	"net/http"
	"regexp"
	"slices"
	"strings"

	"github.com/ebb-node/ebb/mockcloud/rpc"
)

// Documented limits of CreateContainerGroup
// (https://www.alibabacloud.com/help/doc-detail/89138.htm and the action's
// page).
const (
	maxContainers   = 20
	maxVolumes      = 20
	maxTags         = 20
	maxVSwitches    = 10
	maxSecurity     = 5
	maxClientToken  = 64
	maxTagText      = 128
	minPendingMins  = 10
	maxPendingMins  = 1440
	defaultPending  = 240
	defaultGrace    = 30 // seconds
	maxConfigFile   = 32 << 10
	maxConfigFiles  = 90
	maxProbeCommand = 20
	maxImage        = 255
	maxEnvKey       = 128
)

var groupName = regexp.MustCompile(`^[a-z0-9][a-z0-9-]{0,126}[a-z0-9]$`)

// validate checks all of a create request that needs no knowledge of the
// cloud's state.
func (r *createRequest) validate() error {
	checks := []func() error{
		r.validateIdentity, r.validatePlace, r.validatePolicy, r.validateSpot,
		r.validateContainers, r.validateVolumes, r.validateMounts, r.validateSysctls,
	}
	for _, check := range checks {
		if err := check(); err != nil {
			return err
		}
	}
	return nil
}

func (r *createRequest) validateIdentity() error {
	if !groupName.MatchString(r.ContainerGroupName) {
		return rpc.InvalidParameter("ContainerGroupName",
			"2 to 128 lower-case letters, digits and hyphens, no hyphen at either end")
	}
	if err := validateClientToken(r.ClientToken); err != nil {
		return err
	}
	if len(r.Tag) > maxTags {
		return rpc.InvalidParameter("Tag", "at most %d tags", maxTags)
	}
	seen := map[string]bool{}
	for i, t := range r.Tag {
		if err := t.validate(indexed("Tag", i)); err != nil {
			return err
		}
		if seen[t.Key] {
			return rpc.InvalidParameter(indexed("Tag", i)+".Key", "the key %q was given twice", t.Key)
		}
		seen[t.Key] = true
	}
	return nil
}

func validateClientToken(token string) error {
	for _, c := range token {
		if c > '~' || c < ' ' {
			return rpc.InvalidParameter("ClientToken", "ASCII characters only")
		}
	}
	if len(token) > maxClientToken {
		return rpc.InvalidParameter("ClientToken", "at most %d characters", maxClientToken)
	}
	return nil
}

func (t tag) validate(name string) error {
	lower := strings.ToLower(t.Key)
	switch {
	case t.Key == "":
		return rpc.MissingParameter(name + ".Key")
	case len(t.Key) > maxTagText, len(t.Value) > maxTagText:
		return rpc.InvalidParameter(name, "at most %d characters in key and value", maxTagText)
	case strings.HasPrefix(lower, "aliyun"), strings.HasPrefix(lower, "acs:"):
		return rpc.InvalidParameter(name+".Key", "it must not begin with aliyun or acs:")
	case strings.Contains(lower, "http://"), strings.Contains(lower, "https://"):
		return rpc.InvalidParameter(name+".Key", "it must not contain http:// or https://")
	}
	return nil
}

func (r *createRequest) validatePlace() error {
	if len(splitList(r.VSwitchId)) > maxVSwitches {
		return rpc.InvalidParameter("VSwitchId", "at most %d vSwitches", maxVSwitches)
	}
	if len(splitList(r.SecurityGroupId)) > maxSecurity {
		return rpc.InvalidParameter("SecurityGroupId", "at most %d security groups", maxSecurity)
	}
	return firstError(
		oneOf("ScheduleStrategy", r.ScheduleStrategy, "VSwitchOrdered", "VSwitchRandom"),
		oneOf("CpuArchitecture", r.CpuArchitecture, "AMD64", "ARM64"),
		oneOf("OsType", r.OsType, "Linux", "Windows"),
		eachOf("ComputeCategory", r.ComputeCategory, "economy", "general"),
		between("EphemeralStorage", r.EphemeralStorage, 0, 1<<20),
		between("Ipv6AddressCount", r.Ipv6AddressCount, 0, 1),
	)
}

func (r *createRequest) validatePolicy() error {
	return firstError(
		oneOf("RestartPolicy", r.RestartPolicy, "Always", "OnFailure", "Never"),
		oneOf("DnsPolicy", r.DnsPolicy, "None", "Default"),
		between("TerminationGracePeriodSeconds", r.TerminationGracePeriodSeconds, 0, 1<<31),
		between("ActiveDeadlineSeconds", r.ActiveDeadlineSeconds, 1, 1<<31),
		between("MaxPendingMinute", r.MaxPendingMinute, minPendingMins, maxPendingMins),
	)
}

func (r *createRequest) validateSpot() error {
	if err := oneOf("SpotStrategy", r.SpotStrategy, "NoSpot", "SpotWithPriceLimit", "SpotAsPriceGo"); err != nil {
		return err
	}
	if r.SpotStrategy == "SpotWithPriceLimit" && deref(r.SpotPriceLimit) <= 0 {
		return rpc.MissingParameter("SpotPriceLimit")
	}
	return between("SpotDuration", r.SpotDuration, 0, 6)
}

// spot reports whether the group may be reclaimed.
func (r *createRequest) spot() bool { return r.SpotStrategy != "" && r.SpotStrategy != "NoSpot" }

// The safe sysctls of a group (https://help.aliyun.com/document_detail/163023.html).
var safeSysctls = []string{"net.ipv4.ping_group_range", "net.ipv4.ip_unprivileged_port_start"}

func (r *createRequest) validateSysctls() error {
	for i, s := range r.SecurityContext.Sysctl {
		if !slices.Contains(safeSysctls, s.Name) {
			return rpc.InvalidParameter(indexed("SecurityContext.Sysctl", i)+".Name",
				"safe are %s", strings.Join(safeSysctls, " and "))
		}
	}
	if len(r.HostSecurityContext.Sysctl) > 0 {
		return invitedOnly("HostSecurityContext.Sysctl.1")
	}
	return nil
}

// invitedOnly refuses what needs an account on an allow list.
func invitedOnly(name string) error {
	return rpc.Errorf(http.StatusForbidden, "Forbidden.OnlyForInvitedTest",
		"The parameter %s is open to invited accounts only.", name)
}
