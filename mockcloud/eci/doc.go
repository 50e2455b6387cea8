// Package eci is the mock of Elastic Container Instance, product Eci, version
// 2018-08-08: validation, idempotency, sizes, stock, addresses, the life cycle
// of container groups, their events, logs, metrics and exec sessions.
//
// In come decoded requests of the front door (package rpc), out go answers in
// the service's own shapes. What runs a container group is behind
// runtime.Runtime; what time it is, behind the cloud's clock. The request types
// (request_*.go), the checks on them (validate_*.go), the sizes (size.go), the
// state machine (lifecycle.go) and the answers (view_*.go) are pure; the
// Service holds the groups and connects the two.
//
// What it accepts and checks, but has nothing behind: public addresses and
// IPv6, bandwidths, image and data caches, RAM roles, GPUs, log shipping, and
// the storage of NFS and Flex volumes, which are empty directories. An action
// that is not registered in Service.Product does not exist.
//
// It does not know who calls it, and takes nothing from the product's own
// packages or the SDK, so that client and mock cannot share a mistake.
//
// API: https://help.aliyun.com/zh/eci/developer-reference/api-eci-2018-08-08-overview
package eci
