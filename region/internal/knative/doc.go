// Package knative brings unmodified Knative Serving into the region: its own
// programs, built from its own module, and its own YAML, of which only names
// of images and values of ConfigMaps are set.
//
// In go the YAML as the build has collected it and what a user chose; out come
// objects for the cluster, and whether what they make is ready. The package
// knows nothing of ebb or of the cloud.
package knative
