// Package alicloud is what the product clients of Alibaba Cloud share: one
// call, from a table of named parameters to a decoded JSON answer.
//
// In flows a Request (product, action, flat parameters); out flows the answer
// or an *Error with a class that callers can act on. In between, from the
// outside in: retries, rate limits per action, metrics, signing by the core
// of Alibaba's SDK, one HTTP transport for everybody.
//
// The package must not know any product's actions, codes or types beyond the
// Product value that a product package hands in, and nothing of Kubernetes.
// Parameters, URLs and keys never leave it: not in logs, errors or metrics.
package alicloud
