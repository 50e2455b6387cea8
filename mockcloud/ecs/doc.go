// Package ecs is the mock of Elastic Compute Service, product Ecs, version
// 2014-05-26: instance types and network interfaces.
//
// In come decoded requests of the front door (package rpc), out go answers in
// the service's own shapes, made of the facts in package instancespecs/data. It
// does not know who calls it, and takes nothing from the product's own packages
// or the SDK.
//
// API: https://www.alibabacloud.com/help/en/ecs/developer-reference/api-ecs-2014-05-26-describeinstancetypes
package ecs
