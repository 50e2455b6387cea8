// Package simulate runs a day of traffic three ways: with a standard pod that is
// always there, with scale to zero, and with a reserve. It answers what each costs,
// and for how long somebody waits.
//
// The reserve is decided about by package decide, the code that runs in a cluster,
// on the model of Knative in package cluster; CPU credits and prices are those of
// package instancespecs. In flow a trace of requests and a few assumptions; out flows
// a Result for each strategy, as a table and as a plot. The same input has the same
// output: what is random comes from a fixed seed.
//
// The package must not know the clock, nor a cluster.
package simulate
