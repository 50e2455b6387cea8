// Package objects reads the single Kubernetes objects that pods name:
// ConfigMaps, Secrets, services, claims, volumes and service account tokens.
//
// In flow a client and a lister of services; out flow the getters of package
// resolve. What was read is remembered for a few seconds, so that the many
// pods of one Deployment cost one read.
//
// The package must not know pods beyond their names, and it never lists or
// watches Secrets or ConfigMaps.
package objects
