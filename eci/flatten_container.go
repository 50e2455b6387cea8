package eci

import "strconv"

// flattenContainer writes a container or init container under its prefix.
func flattenContainer(p params, prefix string, c *Container) {
	p.text(prefix+".Name", c.Name)
	p.text(prefix+".Image", c.Image)
	p.list(prefix+".Command", c.Command)
	p.list(prefix+".Arg", c.Args)
	p.text(prefix+".WorkingDir", c.WorkingDir)
	p.text(prefix+".ImagePullPolicy", c.ImagePullPolicy)
	p.number(prefix+".Cpu", c.CPU)
	p.number(prefix+".Memory", c.Memory)
	p.integer(prefix+".Gpu", int64(c.GPU))
	p.flag(prefix+".Stdin", c.Stdin)
	p.flag(prefix+".StdinOnce", c.StdinOnce)
	p.flag(prefix+".Tty", c.TTY)
	p.text(prefix+".TerminationMessagePath", c.TerminationMessagePath)
	p.text(prefix+".TerminationMessagePolicy", c.TerminationMessagePolicy)

	flattenEnv(p, prefix+".EnvironmentVar", c.Env)
	flattenPorts(p, prefix+".Port", c.Ports)
	flattenMounts(p, prefix+".VolumeMount", c.Mounts)
	flattenProbe(p, prefix+".LivenessProbe", c.Liveness)
	flattenProbe(p, prefix+".ReadinessProbe", c.Readiness)
	flattenHook(p, prefix+".LifecyclePostStartHandler", c.PostStart)
	flattenHook(p, prefix+".LifecyclePreStopHandler", c.PreStop)
	flattenSecurity(p, prefix, &c.Security)
}

// flattenEnv sends an empty value as an empty parameter: a variable that is
// set to nothing differs from one that is not set.
func flattenEnv(p params, prefix string, env []EnvVar) {
	for i, e := range env {
		name := at(prefix, i)
		p[name+".Key"] = e.Key
		if e.FieldPath != "" {
			p[name+".FieldRef.FieldPath"] = e.FieldPath
			continue
		}
		p[name+".Value"] = e.Value
	}
}

func flattenPorts(p params, prefix string, ports []Port) {
	for i, port := range ports {
		p[at(prefix, i)+".Port"] = strconv.Itoa(int(port.Port))
		p.text(at(prefix, i)+".Protocol", port.Protocol)
	}
}

func flattenMounts(p params, prefix string, mounts []VolumeMount) {
	for i, m := range mounts {
		name := at(prefix, i)
		p.text(name+".Name", m.Name)
		p.text(name+".MountPath", m.MountPath)
		p.text(name+".SubPath", m.SubPath)
		p.flag(name+".ReadOnly", m.ReadOnly)
		p.text(name+".MountPropagation", m.Propagation)
	}
}

// flattenSecurity: the last three names have no dot in the API.
func flattenSecurity(p params, prefix string, s *SecurityContext) {
	p.optional(prefix+".SecurityContext.RunAsUser", s.RunAsUser)
	p.flag(prefix+".SecurityContext.ReadOnlyRootFilesystem", s.ReadOnlyRootFilesystem)
	p.list(prefix+".SecurityContext.Capability.Add", s.CapabilitiesAdd)
	p.optional(prefix+".SecurityContextRunAsGroup", s.RunAsGroup)
	flattenBool(p, prefix+".SecurityContextRunAsNonRoot", s.RunAsNonRoot)
	flattenBool(p, prefix+".SecurityContextPrivileged", s.Privileged)
}

func flattenBool(p params, name string, value *bool) {
	if value != nil {
		p[name] = strconv.FormatBool(*value)
	}
}
