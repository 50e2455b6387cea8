package main

import (
	"fmt"
	"net/netip"
	"strings"
	"time"

	"github.com/sirupsen/logrus"

	"github.com/ebb-node/ebb/mockcloud"
	"github.com/ebb-node/ebb/mockcloud/eci"
	"github.com/ebb-node/ebb/mockcloud/rpc"
	"github.com/ebb-node/ebb/mockcloud/runtime/runc"
)

// config turns flags into a Config, without its runtime.
func (o *options) config(log *logrus.Entry) (mockcloud.Config, error) {
	c := mockcloud.Config{RegionID: o.region, SecurityGroups: o.securityGroups, Speed: o.speed, Log: log}
	key, err := credential()
	if err != nil {
		return c, err
	}
	c.Credentials = []rpc.Credential{key}
	if c.QuotasLifted, err = oneOfTwo("--quotas", o.quotas, "lifted", "documented"); err != nil {
		return c, err
	}
	if c.PlainExec, err = oneOfTwo("--exec-protocol", o.execProtocol, "plain", "auto"); err != nil {
		return c, err
	}
	if o.speed <= 0 {
		return c, fmt.Errorf("--speed %v: it must be above zero", o.speed)
	}
	if c.Latencies, err = readLatencies(o.latencies); err != nil {
		return c, err
	}
	for _, text := range o.vSwitches {
		v, err := readVSwitch(text)
		if err != nil {
			return c, err
		}
		c.VSwitches = append(c.VSwitches, v)
	}
	return c, nil
}

// vpcID is the one network of the command's cloud.
const vpcID = "vpc-mock"

// oneOfTwo reports whether a flag has its first word rather than its second.
func oneOfTwo(flag, value, first, second string) (bool, error) {
	if value != first && value != second {
		return false, fmt.Errorf("%s %q: use %s or %s", flag, value, second, first)
	}
	return value == first, nil
}

// readVSwitch reads id=zone=cidr.
func readVSwitch(text string) (eci.VSwitch, error) {
	parts := strings.Split(text, "=")
	if len(parts) != 3 || parts[0] == "" || parts[1] == "" {
		return eci.VSwitch{}, fmt.Errorf("--vswitch %q: write id=zone=cidr", text)
	}
	cidr, err := netip.ParsePrefix(parts[2])
	if err != nil {
		return eci.VSwitch{}, fmt.Errorf("--vswitch %q: %q is no CIDR", text, parts[2])
	}
	return eci.VSwitch{ID: parts[0], Zone: parts[1], VPCID: vpcID, CIDR: cidr}, nil
}

// callNames are short names of actions.
var callNames = map[string]string{
	"create": "CreateContainerGroup",
	"delete": "DeleteContainerGroup",
}

// readLatencies sorts durations by what they delay.
func readLatencies(texts map[string]string) (mockcloud.Latencies, error) {
	l := mockcloud.Latencies{Calls: map[string]time.Duration{}}
	stages := map[string]*time.Duration{
		"slb-write": &l.LoadBalancers.Write, "slb-configuring": &l.LoadBalancers.Configuring, "slb-effect": &l.LoadBalancers.Effect,
		"schedule": &l.Schedule, "pull": &l.Simulated.Pull, "start": &l.Simulated.Start,
		"ready": &l.Simulated.Ready, "stop": &l.Simulated.Stop,
	}
	for name, text := range texts {
		d, err := time.ParseDuration(text)
		if err != nil || d < 0 {
			return l, fmt.Errorf("--latency %s=%s: write a duration such as 200ms", name, text)
		}
		switch {
		case stages[name] != nil:
			*stages[name] = d
		case callNames[name] != "":
			l.Calls[callNames[name]] = d
		case name != "" && strings.ToUpper(name[:1]) == name[:1]:
			l.Calls[name] = d
		default:
			return l, fmt.Errorf("--latency %s: it is neither an action nor one of create, delete, schedule, pull, start, ready, stop, slb-write, slb-configuring, slb-effect", name)
		}
	}
	return l, nil
}

// config of the runc runtime.
func (o *runcOptions) config(log *logrus.Entry) (runc.Config, error) {
	gateway, err := netip.ParsePrefix(o.gateway)
	if err != nil {
		return runc.Config{}, fmt.Errorf("--gateway %q: the runc runtime needs the bridge's address and network, such as 10.244.0.1/16", o.gateway)
	}
	return runc.Config{
		StateDir: o.stateDir, Bridge: o.bridge, Gateway: gateway,
		RegistryMirrors: o.mirrors, PlainHTTP: o.plainHTTP,
		Cgroups: o.cgroups, CgroupParent: o.cgroupParent, Rootless: o.rootless, Log: log,
	}, nil
}
