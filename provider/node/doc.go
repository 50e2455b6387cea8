// Package node is the node object: what it says of itself, and how it is kept
// in the API server.
//
// In flow the settings of the node and what is known of the cloud's health;
// out flow a registered node with a lease, its conditions, and their changes.
// A node that was ready once stays Ready while the cloud does not answer, and
// only takes no new pods: what runs there runs on, and must not be evicted.
//
// The package must not know pods or how the cloud is spoken to.
package node
