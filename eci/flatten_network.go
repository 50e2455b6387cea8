package eci

// flattenNetwork writes names, addresses and kernel settings of the group.
func flattenNetwork(p params, r *CreateRequest) {
	p.text("DnsPolicy", r.DNSPolicy)
	p.list("DnsConfig.NameServer", r.DNS.NameServers)
	p.list("DnsConfig.Search", r.DNS.Searches)
	p.pairs("DnsConfig.Option", "Name", r.DNS.Options)
	p.text("HostName", r.HostName)
	for i, a := range r.HostAliases {
		// The API spells it so.
		name := at("HostAliase", i)
		p.text(name+".Ip", a.IP)
		p.list(name+".Hostname", a.Hostnames)
	}
	p.pairs("SecurityContext.Sysctl", "Name", r.Sysctls)
	p.pairs("HostSecurityContext.Sysctl", "Name", r.HostSysctls)
}
