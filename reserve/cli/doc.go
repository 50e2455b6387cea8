// Package cli is the command line of the reserve: how reserves stand in a cluster,
// and what they would cost for a trace of traffic.
//
// In flow flags, files and the API server; out flow tables and images. The package
// must not decide anything.
package cli
