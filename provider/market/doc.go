// Package market keeps what ebb knows of instance types, stock and prices up to
// date.
//
// In flow the answers of ECS and ECI to questions that are asked slowly; out
// flow the same facts into a store of package instancespecs, which keeps the
// last good ones when a question fails. What an answer means is translated by
// pure functions (records.go); the Refresher asks, logs, and shows in metrics
// how old each part is.
//
// The package must not know pods, nor what the facts are used for.
package market
