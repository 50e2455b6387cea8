// Package load is customers: requests at a steady rate, or a number of them in
// flight, and what came of them. It stands on vegeta; a target and a shape go
// in, a report comes out. What a failure means is the caller's to judge.
package load
