// Package ecs is Elastic Compute Service as the product needs it: the
// instance types that container groups may be made of, and the network
// interfaces behind private addresses.
//
// In flows which types or addresses are asked for; out flow the service's
// answers as plain values, or errors with a class of package alicloud.
//
// The package must not know Kubernetes, nor what the answers are used for.
//
// The API: https://www.alibabacloud.com/help/en/ecs/developer-reference/api-ecs-2014-05-26-overview
package ecs
