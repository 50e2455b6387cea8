// Package clock is the time that the mock cloud lives in.
//
// It runs at an adjustable speed and can be moved ahead, so a test or an
// operator sees an hour of the cloud's life in a moment. In goes a base clock
// (the machine's by default), out come moments and timers. Callbacks run one
// at a time, in the order of their moments, so a frozen clock that is moved by
// Advance makes everything that hangs on it deterministic.
//
// It knows nothing of what is timed. What concerns the caller's own time, the
// age of a signed request for example, belongs to the base clock instead.
package clock
