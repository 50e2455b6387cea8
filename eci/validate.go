package eci

import "fmt"

// Limits of a create request
// (https://www.alibabacloud.com/help/doc-detail/114662.htm and the create
// page). They are checked here so that the error names the field.
const (
	maxToken      = 64
	maxTags       = 20
	maxVSwitches  = 10
	maxContainers = 20
	maxVolumes    = 20
	maxConfigFile = 32 << 10 // bytes before Base64
	maxExecWords  = 20
)

// validate refuses what the service would refuse less clearly, and what the
// wire cannot express and so would be lost without a word.
func validate(r *CreateRequest) error {
	const action = "CreateContainerGroup"
	for _, limit := range []struct {
		field    string
		has, max int
	}{
		{"ClientToken", len(r.ClientToken), maxToken},
		{"Tags", len(r.Tags), maxTags},
		{"VSwitchIDs", len(r.VSwitchIDs), maxVSwitches},
		{"Containers", len(r.Containers), maxContainers},
		{"InitContainers", len(r.InitContainers), maxContainers},
		{"Volumes", len(r.Volumes), maxVolumes},
	} {
		if limit.has > limit.max {
			return invalid(action, fmt.Sprintf("%s: %d are more than the %d that ECI takes", limit.field, limit.has, limit.max))
		}
	}
	if r.Name == "" || len(r.Containers) == 0 {
		return invalid(action, "a name and a container are required")
	}
	for _, check := range []func(*CreateRequest) string{checkInitContainers, checkProbes, checkVolumes, checkExtra} {
		if problem := check(r); problem != "" {
			return invalid(action, problem)
		}
	}
	return nil
}

func checkInitContainers(r *CreateRequest) string {
	for i := range r.InitContainers {
		c := &r.InitContainers[i]
		if c.Liveness != nil || c.Readiness != nil || c.PostStart != nil || c.PreStop != nil || c.Stdin || c.TTY {
			return fmt.Sprintf("init container %s: ECI takes no probes, hooks, stdin or tty here", c.Name)
		}
	}
	return ""
}

func checkProbes(r *CreateRequest) string {
	for i := range r.Containers {
		c := &r.Containers[i]
		for _, p := range []struct {
			kind  string
			probe *Probe
		}{{"liveness", c.Liveness}, {"readiness", c.Readiness}} {
			if p.probe == nil {
				continue
			}
			if problem := checkHandler(&p.probe.Handler); problem != "" {
				return fmt.Sprintf("container %s: %s probe: %s", c.Name, p.kind, problem)
			}
			if g := p.probe.HTTPGet; g != nil && (g.Host != "" || len(g.Headers) > 0) {
				return fmt.Sprintf("container %s: %s probe: ECI takes no host and no headers", c.Name, p.kind)
			}
		}
	}
	return ""
}

func checkHandler(h *Handler) string {
	if len(h.Exec) > maxExecWords {
		return fmt.Sprintf("%d words are more than the %d that ECI takes", len(h.Exec), maxExecWords)
	}
	if len(h.Exec) == 0 && h.HTTPGet == nil && h.TCPSocket == nil {
		return "none of exec, httpGet and tcpSocket is set"
	}
	return ""
}

func checkVolumes(r *CreateRequest) string {
	for i := range r.Volumes {
		v := &r.Volumes[i]
		n := 0
		for _, set := range []bool{v.EmptyDir != nil, v.ConfigFile != nil, v.NFS != nil, v.Flex != nil, v.HostPath != nil} {
			if set {
				n++
			}
		}
		if n != 1 {
			return fmt.Sprintf("volume %s: has %d types instead of one", v.Name, n)
		}
		if v.ConfigFile == nil {
			continue
		}
		for _, f := range v.ConfigFile.Files {
			if len(f.Content) > maxConfigFile {
				return fmt.Sprintf("volume %s: file %s has %d bytes, ECI takes %d", v.Name, f.Path, len(f.Content), maxConfigFile)
			}
		}
	}
	return ""
}

// checkExtra keeps Extra from overriding what a field says.
func checkExtra(r *CreateRequest) string {
	if len(r.Extra) == 0 {
		return ""
	}
	bare := *r
	bare.Extra = nil
	typed := flatten(&bare)
	for _, name := range sortedKeys(r.Extra) {
		if _, twice := typed[name]; twice {
			return fmt.Sprintf("Extra: parameter %s is set by a field already", name)
		}
	}
	return ""
}
