package cluster

import "github.com/ebb-node/ebb/region/internal/knative"

// Knative is how Knative Serving is set up in the region: ebb is its gateway,
// and images keep their tags, since no registry here has a certificate that
// Knative's controller would trust. Autoscaler are further values of the
// ConfigMap config-autoscaler.
func Knative(autoscaler map[string]string) knative.Settings {
	skip := []string{Registry, "kind.local", "ko.local", "dev.local"}
	for _, registry := range MirroredRegistries {
		if registry == "docker.io" {
			registry = "index.docker.io" // as Knative names it
		}
		skip = append(skip, registry)
	}
	return knative.Settings{
		Registry:         Registry,
		IngressClass:     "slb.ingress.networking.knative.dev",
		Domain:           "example.com",
		SkipTagResolving: skip,
		// Else it alone would decide the size of pods that ask for nothing, see
		// docs/install.md.
		QueueCPU:   "0",
		Autoscaler: autoscaler,
	}
}
