// Package profile reads the ConfigMap eci-profile, which has an administrator's
// defaults for the cluster: where container groups run, and selectors that add
// annotations to pods.
//
// In: an API server. Out: a translate.Profile, at most Lifetime old. It knows
// nothing of pods and of the cloud.
package profile
