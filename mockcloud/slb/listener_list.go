package slb

import (
	"slices"
	"strconv"

	"github.com/ebb-node/ebb/mockcloud/rpc"
)

// listListeners is DescribeLoadBalancerListeners
// (https://www.alibabacloud.com/help/en/slb/classic-load-balancer/developer-reference/api-slb-2014-05-15-describeloadbalancerlisteners).
// Its answer is flat: lists are not wrapped as elsewhere.
type listListeners struct {
	LoadBalancerId   []string
	ListenerProtocol string
	ListenerPort     *int
	Description      *string
	Tag              []tag
	MaxResults       *int
	NextToken        string
}

type listedListener struct {
	LoadBalancerId   string
	ListenerPort     int
	ListenerProtocol string
	Status           string
	target
	sharedSettings
	AclIds              []string
	Tags                []tagView
	HTTPListenerConfig  *httpConfig  `json:",omitempty"`
	HTTPSListenerConfig *httpsConfig `json:",omitempty"`
	TCPListenerConfig   *tcpConfig   `json:",omitempty"`
}

type httpConfig struct {
	httpSettings
	forwardSettings
}

type httpsConfig struct {
	httpSettings
	httpsSettings
}

type tcpConfig struct {
	tcpSettings
	HealthCheck         string
	HealthCheckInterval int
}

type listListenersAnswer struct {
	Listeners  []listedListener
	NextToken  string `json:",omitempty"`
	MaxResults int
	TotalCount int
}

func (r *listListeners) answer(s *state, w *world) (any, error) {
	if len(r.LoadBalancerId) > idsPerCall {
		return nil, rpc.InvalidParameter("LoadBalancerId", "at most %d are wanted", idsPerCall)
	}
	size := 20
	if r.MaxResults != nil {
		size = *r.MaxResults
	}
	found := r.find(s, w)
	part, next, err := tokenPage(found, r.NextToken, size)
	if err != nil {
		return nil, err
	}
	return listListenersAnswer{Listeners: part, NextToken: next, MaxResults: size, TotalCount: len(found)}, nil
}

func (r *listListeners) find(s *state, w *world) []listedListener {
	found := []listedListener{}
	for _, lb := range sorted(s.balancers) {
		if len(r.LoadBalancerId) > 0 && !slices.Contains(r.LoadBalancerId, lb.id) {
			continue
		}
		for _, l := range lb.listeners {
			if r.matches(l) {
				found = append(found, l.listed(lb.id, w))
			}
		}
	}
	return found
}

func (r *listListeners) matches(l *listener) bool {
	return (r.ListenerProtocol == "" || r.ListenerProtocol == l.protocol) &&
		(r.ListenerPort == nil || *r.ListenerPort == l.port) &&
		(r.Description == nil || *r.Description == value(l.shared.Description)) &&
		l.tags.hasAll(r.Tag)
}

func (l *listener) listed(balancer string, w *world) listedListener {
	v := listedListener{
		LoadBalancerId: balancer, ListenerPort: l.port, ListenerProtocol: l.protocol,
		Status: l.status(w.now), target: l.target, sharedSettings: l.shared,
		AclIds: l.aclIDs(), Tags: l.tags.list(),
	}
	switch l.protocol {
	case protocolHTTP:
		v.HTTPListenerConfig = &httpConfig{l.http, l.forward}
	case protocolHTTPS:
		v.HTTPSListenerConfig = &httpsConfig{l.http, l.https}
	default:
		v.TCPListenerConfig = &tcpConfig{l.tcp, l.check.enabled, l.check.interval}
	}
	return v
}

// tokenPage cuts a page of at most size out of a list; the token is where the
// next one begins.
func tokenPage[T any](all []T, token string, size int) (part []T, next string, err error) {
	if size < 1 || size > 100 {
		return nil, "", rpc.InvalidParameter("MaxResults", "%d is not within 1 to 100", size)
	}
	from := 0
	if token != "" {
		if from, err = strconv.Atoi(token); err != nil || from < 0 {
			return nil, "", rpc.InvalidParameter("NextToken", "it is none of this service")
		}
	}
	from = min(from, len(all))
	to := min(from+size, len(all))
	if to < len(all) {
		next = strconv.Itoa(to)
	}
	return all[from:to], next, nil
}
