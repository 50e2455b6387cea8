// Package balancer is the data plane of the mock cloud's Classic Load
// Balancer: it really listens, terminates TLS, matches, picks and forwards.
//
// The control plane says what should be there as plain values; nothing of the
// cloud's API is known here.
package balancer
