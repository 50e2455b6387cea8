// Package ebb is a virtual node for Alibaba Cloud ECI. The program is
// cmd/ebb; see docs/architecture.md for how its packages fit together. This
// package holds the tests that keep them apart and the documents true.
package ebb
