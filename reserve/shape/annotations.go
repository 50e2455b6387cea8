package shape

import (
	"maps"

	"github.com/ebb-node/ebb/instancespecs"
	"github.com/ebb-node/ebb/reserve/settings"
)

// Annotations of ECI pods, all documented at
// https://help.aliyun.com/zh/eci/user-guide/pod-annotations
const (
	eciPrefix = "k8s.aliyun.com/"

	useSpecs       = instancespecs.AnnotationUseSpecs
	spotStrategy   = eciPrefix + "eci-spot-strategy"
	spotPriceLimit = eciPrefix + "eci-spot-price-limit"
	spotFallback   = eciPrefix + "eci-spot-fallback"
)

// notCopied are annotations of the standard pods that speak of their size and how
// it is bought.
var notCopied = []string{
	useSpecs,
	eciPrefix + "eci-instance-type",
	eciPrefix + "eci-instance-family",
	eciPrefix + "eci-instance-generation",
	eciPrefix + "eci-compute-category",
	eciPrefix + "eci-cpu-option-core",
	eciPrefix + "eci-cpu-option-ht",
	eciPrefix + "eci-gpu-driver-version",
	spotStrategy,
	spotPriceLimit,
	eciPrefix + "eci-spot-duration",
	spotFallback,
	eciPrefix + "eci-spot-release-strategy",
}

// podAnnotations are those of the reserve's pods.
func podAnnotations(in Input) map[string]string {
	out := maps.Clone(in.Standard.Spec.Template.Annotations)
	if out == nil {
		out = map[string]string{}
	}
	for _, key := range notCopied {
		delete(out, key)
	}
	out[AnnotationSource] = Source(in)
	if in.Settings.Type != settings.ECI {
		return out
	}
	out[useSpecs] = in.Specs.List
	if s := in.Settings.Spot; s.Strategy != "" {
		// Without stock at the market's price an ordinary instance is as good.
		out[spotStrategy], out[spotFallback] = s.Strategy, "true"
		if s.PriceLimit != "" {
			out[spotPriceLimit] = s.PriceLimit
		}
	}
	return out
}
