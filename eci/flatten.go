package eci

import "strings"

// flatten turns a CreateRequest into wire parameters. It is written by hand
// because the SDK's structs corrupt containers and lack half of the fields;
// names follow
// https://help.aliyun.com/zh/eci/developer-reference/api-eci-2018-08-08-createcontainergroup.
func flatten(r *CreateRequest) params {
	p := params{}
	p.text("ClientToken", r.ClientToken)
	p.text("ContainerGroupName", r.Name)
	p.text("ZoneId", r.ZoneID)
	p.text("VSwitchId", strings.Join(r.VSwitchIDs, ","))
	p.text("SecurityGroupId", r.SecurityGroupID)
	p.text("ResourceGroupId", r.ResourceGroupID)
	p.text("RamRoleName", r.RAMRoleName)
	p.text("RestartPolicy", r.RestartPolicy)
	p.optional("TerminationGracePeriodSeconds", r.TerminationGracePeriod)
	p.optional("ActiveDeadlineSeconds", r.ActiveDeadline)
	p.flag("ShareProcessNamespace", r.ShareProcessNamespace)
	p.pairs("Tag", "Key", r.Tags)
	flattenMachine(p, r)
	flattenNetwork(p, r)
	flattenCredentials(p, r.RegistryCredentials)
	for i := range r.Containers {
		flattenContainer(p, at("Container", i), &r.Containers[i])
	}
	for i := range r.InitContainers {
		flattenContainer(p, at("InitContainer", i), &r.InitContainers[i])
	}
	for i := range r.Volumes {
		flattenVolume(p, at("Volume", i), &r.Volumes[i])
	}
	for name, value := range r.Extra {
		p[name] = value
	}
	return p
}

// flattenMachine writes what the group runs on and what that may cost.
func flattenMachine(p params, r *CreateRequest) {
	p.number("Cpu", r.CPU)
	p.number("Memory", r.Memory)
	p.text("InstanceType", strings.Join(r.InstanceTypes, ","))
	p.text("SpotStrategy", r.SpotStrategy)
	p.number("SpotPriceLimit", r.SpotPriceLimit)
	if r.SpotDuration != nil {
		hours := int64(*r.SpotDuration)
		p.optional("SpotDuration", &hours)
	}
	p.integer("EphemeralStorage", int64(r.EphemeralStorage))
}

func flattenCredentials(p params, credentials []RegistryCredential) {
	for i, c := range credentials {
		name := at("ImageRegistryCredential", i)
		p.text(name+".Server", c.Server)
		p.text(name+".UserName", c.UserName)
		p.text(name+".Password", c.Password)
	}
}
