package eci

// flattenProbe writes a liveness or readiness probe. Probes have no headers
// and no host in the API.
func flattenProbe(p params, prefix string, probe *Probe) {
	if probe == nil {
		return
	}
	p.list(prefix+".Exec.Command", probe.Exec)
	if g := probe.HTTPGet; g != nil {
		p.text(prefix+".HttpGet.Path", g.Path)
		p.integer(prefix+".HttpGet.Port", int64(g.Port))
		p.text(prefix+".HttpGet.Scheme", g.Scheme)
	}
	if s := probe.TCPSocket; s != nil {
		p.integer(prefix+".TcpSocket.Port", int64(s.Port))
	}
	p.integer(prefix+".InitialDelaySeconds", int64(probe.InitialDelaySeconds))
	p.integer(prefix+".PeriodSeconds", int64(probe.PeriodSeconds))
	p.integer(prefix+".TimeoutSeconds", int64(probe.TimeoutSeconds))
	p.integer(prefix+".SuccessThreshold", int64(probe.SuccessThreshold))
	p.integer(prefix+".FailureThreshold", int64(probe.FailureThreshold))
}

// flattenHook writes a life-cycle hook, whose names have no dots inside.
func flattenHook(p params, prefix string, h *Handler) {
	if h == nil {
		return
	}
	p.list(prefix+"Exec", h.Exec)
	if g := h.HTTPGet; g != nil {
		p.text(prefix+"HttpGetHost", g.Host)
		p.text(prefix+"HttpGetPath", g.Path)
		p.integer(prefix+"HttpGetPort", int64(g.Port))
		p.text(prefix+"HttpGetScheme", g.Scheme)
		p.pairs(prefix+"HttpGetHttpHeader", "Name", g.Headers)
	}
	if s := h.TCPSocket; s != nil {
		p.text(prefix+"TcpSocketHost", s.Host)
		p.integer(prefix+"TcpSocketPort", int64(s.Port))
	}
}
