// Package mockcloud is a fake Alibaba Cloud that is held to the real one's
// documents: it verifies signatures, refuses what the API does not know, keeps
// the documented limits, is asynchronous where the cloud is, and remembers
// everything. Nothing of it is shared with the product's own client packages.
//
// New makes a cloud out of a Config; the zero Config is complete. A Cloud has
// two handlers: Handler is the cloud itself (RPC calls at "/", exec websockets
// at "/exec/"), AdminHandler is for whoever runs it. NewServer puts both on
// loopback ports, for tests:
//
//	server, err := mockcloud.NewServer(mockcloud.Config{})
//	defer server.Close()
//	client := dial(server.URL, server.AccessKeyID, server.AccessKeySecret)
//	...
//	server.Counts()["CreateContainerGroup"][""] // how many succeeded
//
// A region has three products: container groups (package eci), load balancers
// (package slb), and instance types and network interfaces (package ecs). Load
// balancers really forward once Config.LoadBalancing has a data plane, such as
// package balancer.
//
// # Time
//
// The cloud lives in its own time (package clock): Config.Speed sets how fast
// it runs and Cloud.Advance moves it ahead. Signatures, call limits and the
// delays of answers are the caller's time and stay with the machine's clock.
// Containers that really run do so in the machine's time; what they use is told
// in the cloud's (package runtime/tempo).
//
// # Admin endpoint
//
// JSON over HTTP, without authentication: keep it on loopback.
//
//	GET    /healthz                     200 when the cloud is up
//	GET    /state                       {"time", "speed", "quotasLifted", "stock", "groups": [...], "credits": [...]}
//	GET    /credits                     the CPU credits of burstable groups, as the cloud keeps them:
//	                                    [{"containerGroupId", "instanceType", "balance", "throttled", ...}]
//	PUT    /credits/GROUP               {"balance": 3.5}: the group works at full speed, or rests, until that
//	                                    is its balance; the cloud's time moves ahead by as long as it takes
//	GET    /calls?action=NAME           {"counts": {action: {code: n}}, "calls": [...]}, code "" is success
//	DELETE /calls                       forgets recorded calls
//	GET    /faults                      the faults, with their hits
//	POST   /faults                      adds one: {"action", "match", "skip", "times", "delay": "2s",
//	                                    "status", "code", "message", "throttle", "drop"}; see rpc.Fault
//	DELETE /faults?id=N                 removes one, or all without id
//	POST   /stock                       {"zone", "spec", "spot", "state": "available"|"none"|"none-delayed"}
//	POST   /spot-reclaim                {"containerGroupId"}: warning now, gone three minutes later
//	POST   /quotas                      {"lifted": true|false}
//	POST   /clock                       {"speed": 60} and/or {"advance": "1h"}
//
// A bad request is answered with 400 and {"error"}.
package mockcloud
