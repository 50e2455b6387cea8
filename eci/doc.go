// Package eci is Elastic Container Instance as the product needs it: typed
// calls, log follow, exec, and the status watch that tells every change of
// many container groups with one cheap call per tick.
//
// In flow plain values of types.go; out flow the service's answers in the same
// terms, or errors with a class (errors.go). Flattening requests to wire
// parameters and decoding answers are pure functions; Client, Watch and the
// exec connection are the thin edge around them.
//
// The package must not know Kubernetes or virtual-kubelet: pods, nodes and
// their status are the provider's business.
//
// The API: https://help.aliyun.com/zh/eci/developer-reference/api-eci-2018-08-08-overview.
package eci
