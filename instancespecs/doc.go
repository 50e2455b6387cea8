// Package instancespecs knows what Alibaba Cloud sells for ECI, picks the
// right spec for a pod, and keeps the books on CPU credits and cost.
//
// What flows in are plain values: the text of an annotation, the memory that a
// pod asks for, replies of the cloud's catalogue, stock and price APIs as the
// caller has already read them, and samples of a pod's CPU counter with their
// time. What flows out are plain values as well: an ordered list of specs with
// a reason for each and for each rejected candidate, a credit balance with
// predictions, a price with its source.
//
// Five topics:
//
//   - [Catalogue]: one row per instance type, embedded, checked, refreshable.
//   - [Grid]: the vCPU and memory sizes that ECI sells, with rounding up.
//   - [Market].Choose: the grammar of the spec annotations, and the choice.
//   - [Ledger]: CPU credits of one burstable instance.
//   - [PriceBook]: hourly prices, and what follows from them.
//
// [Store] holds the last good data of all that can be refreshed.
//
// The package is pure: it reads no clock, opens no connection, and must not
// know the cloud SDK, Kubernetes, or who asks. It uses the standard library
// only.
package instancespecs
