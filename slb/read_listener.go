package slb

import (
	"context"
	"slices"
	"strconv"
	"strings"

	"github.com/ebb-node/ebb/alicloud"
)

// listenerPage is the most that a page of listeners holds
// (https://www.alibabacloud.com/help/en/slb/classic-load-balancer/developer-reference/api-slb-2014-05-15-describeloadbalancerlisteners).
const listenerPage = 100

// listeners of a load balancer, without rules and extensions.
func (c *Client) listeners(ctx context.Context, o Owner, id string) ([]ActualListener, error) {
	var out []ActualListener
	p := params{"LoadBalancerId.1": id, "MaxResults": strconv.Itoa(listenerPage)}
	for {
		var answer struct {
			NextToken string
			Listeners []listenerWire
		}
		if err := c.call(ctx, "DescribeLoadBalancerListeners", p, &answer); err != nil {
			return nil, err
		}
		for _, w := range answer.Listeners {
			out = append(out, w.listener(o))
		}
		switch answer.NextToken {
		case "":
			return out, nil
		case p["NextToken"]:
			return nil, selfPage("DescribeLoadBalancerListeners")
		}
		p["NextToken"] = answer.NextToken
	}
}

// selfPage is a list that would never end.
func selfPage(action string) error {
	return &alicloud.Error{
		Product: product.Name, Action: action, Code: alicloud.CodeBadAnswer,
		Message: "the answer names itself as its next page",
	}
}

type listenerWire struct {
	ListenerPort     num
	ListenerProtocol string
	Status           string
	VServerGroupID   string `json:"VServerGroupId"`
	Scheduler        string
	Description      string
	Tags             []tagWire
	HTTP             listenerConfigWire `json:"HTTPListenerConfig"`
	HTTPS            listenerConfigWire `json:"HTTPSListenerConfig"`
	TCP              listenerConfigWire `json:"TCPListenerConfig"`
}

// listenerConfigWire are the settings of any protocol.
type listenerConfigWire struct {
	IdleTimeout, RequestTimeout, EstablishedTimeout num
	ListenerForward                                 string
	Gzip                                            string
	ForwardedProto                                  string `json:"XForwardedFor_proto"`
	StickySession                                   string
	HealthCheck                                     string
	HealthCheckSwitch                               string
	HealthCheckType                                 string
	HealthCheckInterval, HealthCheckConnectTimeout  num
	HealthyThreshold, UnhealthyThreshold            num
	EnableHTTP2                                     string `json:"EnableHttp2"`
	ServerCertificateID                             string `json:"ServerCertificateId"`
	TLSCipherPolicy                                 string
}

func (w listenerWire) listener(o Owner) ActualListener {
	protocol := Protocol(strings.ToLower(w.ListenerProtocol))
	s := w.settings(protocol)
	return ActualListener{
		Protocol: protocol, Port: int(w.ListenerPort), Status: w.Status, GroupID: w.VServerGroupID, Scheduler: w.Scheduler,
		Owned:       w.Description == o.ownerTag() || tagMap(w.Tags)[tagOwner] == o.ownerTag(),
		IdleTimeout: int(s.IdleTimeout), RequestTimeout: int(s.RequestTimeout), EstablishedTimeout: int(s.EstablishedTimeout),
		Gzip: s.Gzip, ForwardedProto: s.ForwardedProto, HTTP2: s.EnableHTTP2, Sticky: s.StickySession == on,
		HealthCheck: s.HealthCheck == on || s.HealthCheckSwitch == on,
		Check: ActualCheck{
			Type: s.HealthCheckType, Interval: int(s.HealthCheckInterval), Timeout: int(s.HealthCheckConnectTimeout),
			Healthy: int(s.HealthyThreshold), Unhealthy: int(s.UnhealthyThreshold),
		},
		CertificateID: s.ServerCertificateID, TLSCipherPolicy: s.TLSCipherPolicy, Redirects: s.ListenerForward == on,
	}
}

func (w listenerWire) settings(p Protocol) listenerConfigWire {
	switch p {
	case HTTP:
		return w.HTTP
	case HTTPS:
		return w.HTTPS
	}
	return w.TCP
}

// listenerParams name a listener.
func listenerParams(id string, e Endpoint) params {
	return params{"LoadBalancerId": id, "ListenerPort": strconv.Itoa(e.Port), "ListenerProtocol": string(e.Protocol)}
}

func (c *Client) readRules(ctx context.Context, o Owner, id string, l *ActualListener) error {
	var answer struct{ Rules struct{ Rule []ruleWire } }
	if err := c.call(ctx, "DescribeRules", listenerParams(id, l.Endpoint()), &answer); err != nil {
		return err
	}
	l.Rules = slices.Grow[[]ActualRule](nil, len(answer.Rules.Rule))
	for _, w := range answer.Rules.Rule {
		l.Rules = append(l.Rules, w.rule(o))
	}
	return nil
}

type ruleWire struct {
	RuleID, RuleName, Domain, URL string
	VServerGroupID                string `json:"VServerGroupId"`
	ListenerSync                  string
}

func (w ruleWire) rule(o Owner) ActualRule {
	return ActualRule{
		ID: w.RuleID, Domain: w.Domain, URL: w.URL, GroupID: w.VServerGroupID,
		Owned: o.ownsRule(w.RuleName), Apart: w.ListenerSync == off,
	}
}

func (c *Client) readExtensions(ctx context.Context, id string, l *ActualListener) error {
	var answer struct {
		DomainExtensions struct {
			DomainExtension []struct{ DomainExtensionID, Domain, ServerCertificateID string }
		}
	}
	p := params{"LoadBalancerId": id, "ListenerPort": strconv.Itoa(l.Port)}
	if err := c.call(ctx, "DescribeDomainExtensions", p, &answer); err != nil {
		return err
	}
	l.Extensions = nil
	for _, w := range answer.DomainExtensions.DomainExtension {
		l.Extensions = append(l.Extensions, ActualExtension{ID: w.DomainExtensionID, Domain: w.Domain, CertificateID: w.ServerCertificateID})
	}
	return nil
}
