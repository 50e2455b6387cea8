// Package simulated runs container groups as timelines: nothing is executed,
// and thousands of groups fit on a machine. Between two moments of its timeline
// a group costs a timer in the clock's heap, and no goroutine.
//
// What a container does is written in its request, so that clients can direct
// a scenario over the wire:
//
//	command /exit CODE [AFTER]   ends with CODE, AFTER this long (3 or 3 5s)
//	command /echo WORDS...       writes the words to its log and ends with 0
//	env MOCK_LOG=TEXT            writes the text to its log when it starts
//	env MOCK_CPU=0.25            uses this many vCPU while it runs
//	env MOCK_MEMORY=67108864     uses this many bytes while it runs
//	image x.invalid/y            can never be pulled (RFC 2606 top-level domain)
//
// Any other container runs until it is stopped; it then ends with 0 after
// the stop latency, or with 137 when its grace is shorter. An init container
// that is told nothing ends with 0 at once. Liveness probes always succeed;
// a readiness probe succeeds when its initial delay and the ready latency have
// passed.
//
// Exec knows a few words, see exec.go; anything else ends with 127 and says so.
//
// In go runtime.Group values and the cloud's clock, out come runtime.Status
// values. It knows no wire protocol and no product.
package simulated
