// Package plotting is the look of ebb's plots: figures one below the other over the
// same hours, each with its legend beside it, in colours that stay apart for the
// colour-blind and in grey.
//
// In flow points over hours; out flows an image, PNG or SVG. What the points mean is
// for the packages that draw: this one must not know any other of ebb's.
package plotting
