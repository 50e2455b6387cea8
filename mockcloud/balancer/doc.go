// Package balancer is the data plane of the mock cloud's Classic Load Balancer
// (CLB): it really listens, terminates TLS, matches, picks and forwards.
//
// In goes what each load balancer should be, as plain values (LoadBalancer,
// Group), through Apply; out comes forwarded traffic, and the health of
// members through Health. The package knows nothing of the cloud's API: its
// names, limits, defaults of switches and delays are the control plane's.
//
// router, hosts and wheel are the pure core: which rule, which member. A table
// is all that a listener goes by at a moment; Apply swaps it in one piece, so
// that requests under way keep the one that they began with.
//
// # What follows the documents
//
// Rules (https://www.alibabacloud.com/help/doc-detail/85955.html):
// an exact domain goes before a wildcard, of wildcards the longer one; within
// the domain the longest URL that is a string prefix of the percent-encoded
// path, then the rule without a URL, and if there is none 404, never the
// listener's group; without a matching domain the rules that have only a URL,
// then the listener's group.
//
// Layer 7 (https://github.com/AlibabaCloudDocs/slb, architecture, limits and
// frequent questions on layer 7, WebSocket and HTTP/2): clients speak HTTP/1,
// on HTTPS also HTTP/2 with 128 streams a connection and its own idle limit of
// 180 s; backends get HTTP/1.1, from HTTP/1.0 clients HTTP/1.0; a client's
// connection is closed after 100 requests, and after the idle timeout (15 s);
// a member that can't be connected to in 5 s is passed over for the next;
// WebSockets are dropped after 60 s of silence; Date, Server, X-Pad and
// X-Accel-Redirect of a response are the load balancer's; session tickets are
// good for 300 s; X-Forwarded-For is appended to, the other headers follow
// their switches; path, host and other headers pass unchanged.
//
// Status codes
// (https://www.alibabacloud.com/help/en/slb/classic-load-balancer/support/clb-status-code-description):
// 503 when there is no member, 502 when members can't be reached, are
// unhealthy or break off, and for a header that is too large, 504 when the
// backend is silent for the request timeout (60 s), 400 for plain HTTP on an
// HTTPS listener.
//
// Weights (https://www.alibabacloud.com/help/en/slb/classic-load-balancer/user-guide/backend-server-overview):
// wrr by weight, rr without; a member of weight 0 gets nothing new and keeps
// its connections and its health checks. Changes are for new requests only
// (https://www.alibabacloud.com/help/doc-detail/55193.htm).
//
// Health checks (https://www.alibabacloud.com/help/en/slb/classic-load-balancer/user-guide/configure-and-manage-health-checks):
// HTTP by HEAD or GET, TCP by connecting; interval, timeout, thresholds;
// checks off is "unavailable" and eligible, weight 0 is shown as "normal".
//
// # What was chosen
//
// UNVERIFIED: no document says it. Where Tengine's ancestor nginx has a usual
// behaviour it is that; otherwise what is hardest on a client.
//
//   - A host is compared in lower case, without port and final dot. A wildcard
//     covers any number of labels, but not the domain itself. A URL with a
//     question mark is compared with path and query.
//   - 503 also for a rule's own empty group and when all weights are 0; 502
//     when all members with a weight are unhealthy; 504 when all time out
//     while connecting.
//   - rr leaves out members of weight 0, too.
//   - Each node of the cluster has a smooth weighted round robin of its own,
//     which begins anew when members or weights change, as after a reload of
//     nginx: then the heaviest comes first at each of them. A node is at most
//     one request per member away from the shares that the weights ask for, all
//     together as many times that as there are nodes: with 4 nodes and 10
//     members 40 of 10,000 requests, 0.4 points.
//   - Each request gets a connection of its own to its backend.
//   - Only a member that can't be connected to is passed over. Once a request
//     may have arrived it is not sent again.
//   - The request timeout is for silence of the backend: it begins anew with
//     each part of the request and of the response. After the response began
//     its expiry cuts the connection.
//   - Requests, WebSockets and TCP connections outlive the removal of their
//     member unless Config.CutOnRemoval; a TCP listener with draining ends
//     them after its time. When a listener stops, requests under way may end,
//     all else is cut.
//   - With checks on, a member gets nothing before its first probe, and that
//     one probe decides; the thresholds count from then on. Probes carry no
//     user agent.
//   - Redirects are 301. The header limit is 32 KiB. Gzip takes bodies from 20
//     bytes and the types that gzip.go lists. The sticky cookie has the path /
//     and is only sent when it changes; weight 0 ends stickiness.
//   - TE of a request and trailers of both sides end at the balancer, as in
//     nginx, which passes them only if it is told to (ngx_http_proxy_module:
//     proxy_pass_trailers). Documented is what follows: no gRPC.
//   - The names X-Forwarded-Port and X-Forwarded-Client-srcport; SLB-ID, SLB-IP
//     and SERVERID are documented.
//   - The limit of 100 requests is for HTTP/1 connections. CONNECT is 405.
//   - A TCP connection whose member can't be reached is reset. Members see the
//     balancer's address, not the client's as they would behind the real one.
//
// # What it cannot do
//
// UDP, source hashing (sch, tch), rewritten server cookies, client
// certificates, access control lists, bandwidth limits, PROXY protocol.
package balancer
