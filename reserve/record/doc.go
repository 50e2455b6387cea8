// Package record is what ebb remembers of a revision's reserve: annotations of the
// reserve Deployment.
//
// In flow what was decided and what it costs; out flow the same after a restart, for
// everybody who can read the Deployment: ebb itself, and `ebb reserve status`. What
// cannot be read counts as absent: a decision does without it.
//
// The package is pure; it must not know how decisions are made.
package record
