// Package rpc is the front door of the mock cloud: the HTTP protocol that
// Alibaba Cloud's RPC products share.
//
// In come GET and POST requests for "/" with their parameters in the query
// and in a form body; out go JSON answers and error bodies. On the way it
// verifies the signature (version 1.0, HMAC-SHA1), timestamp, nonce, access key
// and security token, finds the action, checks every parameter against the
// action's request type, keeps the documented call limits, injects the faults
// it was asked for, and records the call.
//
// A product is a Product value: a version and a set of actions made with
// Handle. The Go type of an action's request is at once its schema and its
// decoder (see schema.go), so a new product needs nothing in here.
//
// The package knows no product. Signature times and call limits are the
// caller's own time, so they follow the base clock and never the adjustable
// clock of the cloud.
//
// Protocol: https://www.alibabacloud.com/help/en/sdk/product-overview/rpc-mechanism
package rpc
