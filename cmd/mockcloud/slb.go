package main

import (
	"fmt"
	"net/netip"
	"strings"

	"github.com/sirupsen/logrus"
	"github.com/spf13/pflag"

	"github.com/ebb-node/ebb/mockcloud"
	"github.com/ebb-node/ebb/mockcloud/balancer"
	"github.com/ebb-node/ebb/mockcloud/ecs"
	"github.com/ebb-node/ebb/mockcloud/slb"
)

// slbOptions are those of load balancers and of what they reach besides
// container groups.
type slbOptions struct {
	intranet, internet string
	quotas             map[string]int
	forward            bool
	cutOnRemoval       bool
	refuseEmptyGroups  bool
	source             string
	instances          []string
}

func (o *slbOptions) bind(f *pflag.FlagSet) {
	f.StringVar(&o.intranet, "slb-intranet-range", "", "CIDR that intranet load balancers get their addresses from")
	f.StringVar(&o.internet, "slb-internet-range", "", "CIDR that internet load balancers get their addresses from")
	f.StringToIntVar(&o.quotas, "slb-quota", nil,
		"how many there may be instead of the documented number: "+strings.Join(quotaNames(), ", ")+"=...")
	f.BoolVar(&o.forward, "slb-forward", false,
		"really forward traffic; the ranges must be this machine's (ip route add local CIDR dev lo)")
	f.BoolVar(&o.cutOnRemoval, "slb-cut-on-removal", false,
		"end requests and connections of a backend when it is removed from its group (else they may end by themselves)")
	f.BoolVar(&o.refuseEmptyGroups, "slb-refuse-empty-groups", false, "let no listener or rule lead to a vServer group without backends")
	f.StringVar(&o.source, "slb-source", "", "local address of connections to backends (left to routing if empty)")
	f.StringArrayVar(&o.instances, "ecs-instance", nil, "a running ECS instance as id=address, repeatable; i-x has the network interface eni-x")
}

// addTo turns flags into a part of the cloud's Config. The balancer, which
// forwards nothing if nobody asked for it, must be closed after the cloud.
func (o *slbOptions) addTo(c *mockcloud.Config, log *logrus.Entry) (forward *balancer.Balancer, err error) {
	l := &c.LoadBalancing
	l.RefuseEmptyGroups = o.refuseEmptyGroups
	if l.Intranet, err = readRange("--slb-intranet-range", o.intranet); err != nil {
		return nil, err
	}
	if l.Internet, err = readRange("--slb-internet-range", o.internet); err != nil {
		return nil, err
	}
	if l.Quotas, err = readQuotas(c.RegionID, o.quotas); err != nil {
		return nil, err
	}
	for _, text := range o.instances {
		i, err := readInstance(text)
		if err != nil {
			return nil, err
		}
		c.Instances = append(c.Instances, i)
	}
	var source netip.Addr
	if o.source != "" {
		if source, err = netip.ParseAddr(o.source); err != nil {
			return nil, fmt.Errorf("--slb-source %q is no address", o.source)
		}
	}
	forward = balancer.New(balancer.Config{Source: source, CutOnRemoval: o.cutOnRemoval, Log: log})
	if o.forward {
		l.DataPlane = forward
	}
	return forward, nil
}

// readRange reads a CIDR; empty is the cloud's default.
func readRange(flag, text string) (netip.Prefix, error) {
	if text == "" {
		return netip.Prefix{}, nil
	}
	p, err := netip.ParsePrefix(text)
	if err != nil || !p.Addr().Is4() {
		return p, fmt.Errorf("%s %q: write an IPv4 CIDR such as 10.250.0.0/24", flag, text)
	}
	return p, nil
}

// quotaFields are the quotas by the names that the flag has for them.
func quotaFields(q *slb.Quotas) map[string]*int {
	return map[string]*int{
		"load-balancers": &q.LoadBalancers, "listeners": &q.Listeners, "rules": &q.Rules,
		"domain-extensions": &q.DomainExtensions, "backend-servers": &q.BackendServers,
		"attachments": &q.Attachments, "certificates": &q.ServerCertificates,
	}
}

func quotaNames() []string {
	return []string{"load-balancers", "listeners", "rules", "domain-extensions", "backend-servers", "attachments", "certificates"}
}

func readQuotas(region string, given map[string]int) (*slb.Quotas, error) {
	q := slb.DocumentedQuotas(region)
	fields := quotaFields(&q)
	for name, n := range given {
		field := fields[name]
		if field == nil || n < 0 {
			return nil, fmt.Errorf("--slb-quota %s=%d: write a number of one of %s", name, n, strings.Join(quotaNames(), ", "))
		}
		*field = n
	}
	return &q, nil
}

// readInstance reads id=address. The instance is in the network of the first
// vSwitch.
func readInstance(text string) (ecs.Instance, error) {
	id, address, found := strings.Cut(text, "=")
	ip, err := netip.ParseAddr(address)
	if !found || !strings.HasPrefix(id, "i-") || err != nil {
		return ecs.Instance{}, fmt.Errorf("--ecs-instance %q: write i-id=address", text)
	}
	return ecs.Instance{ID: id, IP: ip, VPCID: vpcID}, nil
}
