// Package testregion boots regions for tests, each in a directory of its own
// with the binaries of the checkout, and ends them. A test package boots what
// it needs in TestMain; flags of "region up" go in, a running region with its
// clients comes out.
//
// It must not know what the tests look at.
package testregion
