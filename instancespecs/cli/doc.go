// Package cli is the command "specs": it lists what is sold, explains the choice
// of a spec, and answers how long CPU credits last, all without a cluster or an
// account.
//
// What flows in are flags and CSV files; what flows out is text, and a PNG image
// if one is asked for. The package must not know the cloud SDK, Kubernetes, or
// how instancespecs comes to its answers.
package cli
