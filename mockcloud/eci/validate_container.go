package eci

import (
	"net/http"
	"path"
	"regexp"
	"slices"

	"github.com/ebb-node/ebb/mockcloud/rpc"
)

var (
	containerName = regexp.MustCompile(`^[a-z0-9]([a-z0-9-]{0,126}[a-z0-9])?$`)
	envKey        = regexp.MustCompile(`^[A-Za-z_][0-9A-Za-z_]{0,127}$`)
)

// reservedPorts are the service's own
// (https://www.alibabacloud.com/help/doc-detail/89138.htm).
var reservedPorts = []int{111, 10250, 10255}

func (r *createRequest) validateContainers() error {
	if len(r.Container) == 0 {
		return rpc.MissingParameter("Container.1.Name")
	}
	if len(r.Container) > maxContainers {
		return rpc.InvalidParameter("Container", "at most %d containers", maxContainers)
	}
	names, ports := map[string]bool{}, map[int]bool{}
	for i := range r.InitContainer {
		if err := r.InitContainer[i].validate(indexed("InitContainer", i), names); err != nil {
			return err
		}
	}
	for i := range r.Container {
		c, at := &r.Container[i], indexed("Container", i)
		if err := firstError(c.validate(at, names), c.validatePorts(at, ports), c.validateProbes(at)); err != nil {
			return err
		}
	}
	return nil
}

func (c *initContainerRequest) validate(at string, names map[string]bool) error {
	switch {
	case c.Name == "":
		return rpc.MissingParameter(at + ".Name")
	case !containerName.MatchString(c.Name):
		return rpc.InvalidParameter(at+".Name", "lower-case letters, digits and hyphens")
	case names[c.Name]:
		return rpc.Errorf(http.StatusBadRequest, "InvalidParameter.DuplicatedName",
			"The parameter %s.Name repeats the name %q.", at, c.Name)
	case c.Image == "":
		return rpc.MissingParameter(at + ".Image")
	case len(c.Image) > maxImage:
		return rpc.InvalidParameter(at+".Image", "at most %d characters", maxImage)
	case deref(c.Cpu) < 0 || deref(c.Memory) < 0:
		return rpc.InvalidParameter(at+".Cpu", "Cpu and Memory must not be negative")
	case c.SecurityContextPrivileged:
		return invitedOnly(at + ".SecurityContextPrivileged")
	case c.WorkingDir != "" && !path.IsAbs(c.WorkingDir):
		return rpc.InvalidParameter(at+".WorkingDir", "an absolute path is wanted")
	}
	names[c.Name] = true
	return firstError(
		oneOf(at+".ImagePullPolicy", c.ImagePullPolicy, "Always", "IfNotPresent", "Never"),
		oneOf(at+".TerminationMessagePolicy", c.TerminationMessagePolicy, "File", "FallbackToLogsOnError"),
		// By ticket, and only these: https://help.aliyun.com/document_detail/462800.html
		eachOf(at+".SecurityContext.Capability.Add", c.SecurityContext.Capability.Add, "NET_ADMIN", "NET_RAW"),
		c.validateEnv(at),
	)
}

func (c *initContainerRequest) validateEnv(at string) error {
	for i, e := range c.EnvironmentVar {
		name := indexed(at+".EnvironmentVar", i)
		switch {
		case !envKey.MatchString(e.Key):
			return rpc.InvalidParameter(name+".Key",
				"1 to %d letters, digits and underscores, no digit in front", maxEnvKey)
		case e.FieldRef.FieldPath != "" && e.FieldRef.FieldPath != "status.podIP":
			return rpc.InvalidParameter(name+".FieldRef.FieldPath", "only status.podIP is known")
		case e.FieldRef.FieldPath != "" && e.Value != "":
			return rpc.InvalidParameter(name, "give Value or FieldRef, not both")
		}
	}
	return nil
}

// validatePorts holds port numbers unique in the group, as it has one address.
func (c *containerRequest) validatePorts(at string, used map[int]bool) error {
	for i, p := range c.Port {
		name := indexed(at+".Port", i)
		switch {
		case p.Port < 1 || p.Port > 65535:
			return rpc.InvalidParameter(name+".Port", "1 to 65535")
		case slices.Contains(reservedPorts, p.Port):
			return rpc.InvalidParameter(name+".Port", "%d is reserved", p.Port)
		case used[p.Port]:
			return rpc.InvalidParameter(name+".Port", "%d is used twice in the group", p.Port)
		}
		used[p.Port] = true
		if err := oneOf(name+".Protocol", p.Protocol, "TCP", "UDP"); err != nil {
			return err
		}
	}
	return nil
}

func (c *containerRequest) validateProbes(at string) error {
	if c.LivenessProbe != nil && deref(c.LivenessProbe.SuccessThreshold) > 1 {
		return rpc.InvalidParameter(at+".LivenessProbe.SuccessThreshold", "it must be 1 for a liveness probe")
	}
	return firstError(
		c.LivenessProbe.validate(at+".LivenessProbe"),
		c.ReadinessProbe.validate(at+".ReadinessProbe"),
	)
}

func (p *probe) validate(at string) error {
	if p == nil {
		return nil
	}
	handlers := 0
	for _, set := range []bool{p.HttpGet.Port != nil, len(p.Exec.Command) > 0, p.TcpSocket.Port != nil} {
		if set {
			handlers++
		}
	}
	if handlers != 1 {
		return rpc.InvalidParameter(at, "give one of HttpGet.Port, Exec.Command and TcpSocket.Port")
	}
	if len(p.Exec.Command) > maxProbeCommand {
		return rpc.InvalidParameter(at+".Exec.Command", "at most %d words", maxProbeCommand)
	}
	return firstError(
		oneOf(at+".HttpGet.Scheme", p.HttpGet.Scheme, "HTTP", "HTTPS"),
		between(at+".HttpGet.Port", p.HttpGet.Port, 1, 65535),
		between(at+".TcpSocket.Port", p.TcpSocket.Port, 1, 65535),
		between(at+".InitialDelaySeconds", p.InitialDelaySeconds, 0, 1<<31),
		between(at+".PeriodSeconds", p.PeriodSeconds, 1, 1<<31),
		between(at+".TimeoutSeconds", p.TimeoutSeconds, 1, 1<<31),
		between(at+".SuccessThreshold", p.SuccessThreshold, 1, 1<<31),
		between(at+".FailureThreshold", p.FailureThreshold, 1, 1<<31),
	)
}
