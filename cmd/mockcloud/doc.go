// Command mockcloud is the mock cloud as a server: a region of a fake Alibaba
// Cloud on one address, and its admin endpoint on another. See package
// github.com/ebb-node/ebb/mockcloud.
//
// It wires flags to packages and does nothing else. It keeps no state over a
// restart; the runc runtime clears what a killed server left behind.
package main
