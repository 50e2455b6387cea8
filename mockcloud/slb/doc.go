// Package slb is the mock cloud's Classic Load Balancer (CLB): product Slb,
// version 2014-05-15.
//
// In come decoded calls from the front door (package rpc), out go answers and,
// once a write takes effect, a Config of plain values for the data plane. The
// middle is a state machine without effects: apply takes a state, an action and
// the circumstances of the call, and answers the next state. A state is never
// changed once it is made, so a refused action leaves nothing behind and a
// later effect can look at the state that it belongs to.
//
// Every documented rule that a caller can run into is kept: listeners start
// stopped, writes that overlap on one load balancer get the busy codes, domain
// and URL of a rule cannot change, groups and certificates in use cannot go.
// Where the documents are silent the mock refuses, so that a client does not
// come to rely on it; such places say so.
//
// The package knows nothing of how traffic is forwarded, of container groups
// or of ECS: whether a back-end server exists is asked of functions in Config.
//
// API: https://www.alibabacloud.com/help/en/slb/classic-load-balancer/developer-reference/api-slb-2014-05-15-overview
package slb
