package slb

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"
)

// Instance is a load balancer itself.
type Instance struct {
	ID          string
	Name        string
	Address     string // the IP that clients use
	AddressType string // internet or intranet
	VPCID       string
	VSwitchID   string
	Status      string // active, inactive, locked
	Tags        map[string]string
	// DefaultBackends counts the servers of the instance-wide default group,
	// which take places of the quota.
	DefaultBackends int
}

// Address types of an instance.
const (
	Internet = "internet"
	Intranet = "intranet"
)

// InstanceSpec says which load balancer an owner uses.
type InstanceSpec struct {
	// ID is an existing load balancer that the user names. It may be shared
	// with others; nothing is ever done to the instance itself.
	ID string
	// Recorded is the id that an earlier EnsureInstance returned. When that
	// load balancer is gone, so is its address, and the answer is a *GoneError.
	Recorded string

	// The rest is for making one.

	// Name in the console: 1 to 80 letters, digits and .-_ after a letter.
	Name        string
	AddressType string // Internet or Intranet
	VPCID       string
	VSwitchID   string // required for Intranet
	// Token is the identity of what asks for the load balancer, such as a UID:
	// a crash between making and recording finds the same one again.
	Token string
	// Tags are put on besides the owner's.
	Tags map[string]string
	// DeleteProtection keeps others from deleting it.
	DeleteProtection bool
}

// EnsureInstance returns the load balancer of an owner: the one the user
// names, else the recorded one, else one that carries the owner's tags (made
// before a crash), else a new one. More than one with the tags is an error
// that names them.
func (c *Client) EnsureInstance(ctx context.Context, o Owner, s InstanceSpec) (Instance, error) {
	if id := firstText(s.ID, s.Recorded); id != "" {
		return c.Instance(ctx, id)
	}
	found, err := c.InstancesByTags(ctx, o.tags())
	switch {
	case err != nil:
		return Instance{}, err
	case len(found) == 1:
		return found[0], nil
	case len(found) > 1:
		return Instance{}, ambiguous(o, found)
	}
	return c.createInstance(ctx, o, s)
}

func firstText(list ...string) string {
	for _, s := range list {
		if s != "" {
			return s
		}
	}
	return ""
}

func ambiguous(o Owner, found []Instance) error {
	var ids []string
	for _, i := range found {
		ids = append(ids, i.ID)
	}
	return fmt.Errorf("load balancers %s all carry the tags %s=%s and %s=%s; remove the tags from all but one",
		strings.Join(ids, ", "), tagOwner, o.ownerTag(), tagLoadBalancer, o.LoadBalancer)
}

// createInstance makes a load balancer that is paid by usage, the only way
// that is sold
// (https://www.alibabacloud.com/help/tc/slb/classic-load-balancer/product-overview/pay-as-you-go-billing-for-clb).
func (c *Client) createInstance(ctx context.Context, o Owner, s InstanceSpec) (Instance, error) {
	p := params{"InstanceChargeType": "PayByCLCU", "PayType": "PayOnDemand"}
	p.text("LoadBalancerName", s.Name).text("AddressType", s.AddressType).text("VpcId", s.VPCID).text("VSwitchId", s.VSwitchID)
	if s.AddressType == Internet {
		p["InternetChargeType"] = "paybytraffic"
	}
	p.toggle("DeleteProtection", s.DeleteProtection)
	tags := o.tags()
	for k, v := range s.Tags {
		if _, own := tags[k]; !own {
			tags[k] = v
		}
	}
	p.tags(tags)
	// The token covers the parameters too: the same one with others is refused.
	p["ClientToken"] = "ebb-" + short(o.ownerTag()+o.LoadBalancer+s.Token+jsonText(p), 48)
	var answer struct{ LoadBalancerID string }
	if err := c.call(ctx, "CreateLoadBalancer", p, &answer); err != nil {
		return Instance{}, fmt.Errorf("create load balancer %s: %w", s.Name, err)
	}
	return c.Instance(ctx, answer.LoadBalancerID)
}

// instancePage is the most that a page holds
// (https://www.alibabacloud.com/help/en/slb/classic-load-balancer/developer-reference/api-slb-2014-05-15-describeloadbalancers).
const instancePage = 100

// InstancesByTags finds load balancers that carry all of the tags.
func (c *Client) InstancesByTags(ctx context.Context, tags map[string]string) ([]Instance, error) {
	var out []Instance
	for page := 1; ; page++ {
		p := params{"PageNumber": strconv.Itoa(page), "PageSize": strconv.Itoa(instancePage)}.tags(tags)
		var answer struct {
			TotalCount    num
			LoadBalancers struct{ LoadBalancer []instanceWire }
		}
		if err := c.call(ctx, "DescribeLoadBalancers", p, &answer); err != nil {
			return nil, fmt.Errorf("find load balancers by tags: %w", err)
		}
		for _, w := range answer.LoadBalancers.LoadBalancer {
			// A filter of several tags may mean any of them.
			if i := w.instance(); carries(i.Tags, tags) {
				out = append(out, i)
			}
		}
		if page*instancePage >= int(answer.TotalCount) || len(answer.LoadBalancers.LoadBalancer) == 0 {
			return out, nil
		}
	}
}

func carries(have, want map[string]string) bool {
	for k, v := range want {
		if have[k] != v {
			return false
		}
	}
	return true
}

// Instance describes a load balancer; a *GoneError when it does not exist.
func (c *Client) Instance(ctx context.Context, id string) (Instance, error) {
	if id == "" {
		return Instance{}, errors.New("no load balancer id given")
	}
	var w instanceWire
	err := c.call(ctx, "DescribeLoadBalancerAttribute", params{"LoadBalancerId": id}, &w)
	switch {
	case codeOf(err) == codeNoInstance:
		return Instance{}, &GoneError{ID: id}
	case err != nil:
		return Instance{}, fmt.Errorf("read load balancer %s: %w", id, err)
	}
	return w.instance(), nil
}

type instanceWire struct {
	LoadBalancerID, LoadBalancerName, LoadBalancerStatus string
	Address, AddressType                                 string
	VPCID                                                string `json:"VpcId"`
	VSwitchID                                            string `json:"VSwitchId"`
	Tags                                                 tagsWire
	BackendServers                                       membersAnswer
}

func (w instanceWire) instance() Instance {
	return Instance{
		ID: w.LoadBalancerID, Name: w.LoadBalancerName, Status: w.LoadBalancerStatus,
		Address: w.Address, AddressType: w.AddressType, VPCID: w.VPCID, VSwitchID: w.VSwitchID,
		Tags: tagMap(w.Tags.Tag), DefaultBackends: len(w.BackendServers.BackendServer),
	}
}
