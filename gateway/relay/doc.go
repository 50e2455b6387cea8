// Package relay is the gateway's own HTTP hop, for what a load balancer cannot
// do: it holds requests for revisions without pods until the activator or a
// pod has them, and it serves hosts whose rules CLB cannot express. It runs
// in every replica of the program, as one backend of the load balancer among
// others.
//
// Settled hosts (package ingress) and the addresses of Services (package
// backend) go in; a Table holds them as an immutable snapshot that is replaced
// as a whole. A request comes in by an Entry, one port for each visibility and
// each way in which TLS ended, and finds only hosts of that visibility. The
// snapshot says which path and which split it is for, the split's pool which
// address, and net/http/httputil carries it there.
//
// Where the load balancer sends requests to pods itself, the relay may be one
// member among them and stand in for the revisions that have none. Such requests
// come in by entries of their own and are shared out among these revisions alone,
// in proportion to their percents. All others are shared as the host says.
//
// An address that refuses the connection is replaced by another one before a
// byte was sent; apart from that nothing is repeated. There is no time limit
// for answers: revisions have theirs, which queue-proxy keeps.
//
// The package must not know load balancers, weights or the cloud.
package relay
