package alicloud

// Product is what a product package tells about its API.
type Product struct {
	// Name is the product's code in the SDK: "Eci".
	Name string
	// Version of the API: "2018-08-08".
	Version string
	// Endpoint is the host of a region; vpc asks for the one that is reached
	// from inside a VPC.
	Endpoint func(region string, vpc bool) string
	// Limits are the documented request quotas by action. An action without
	// one is not limited.
	Limits map[string]Limit
	// Classes map the product's error codes, by prefix, to what they mean; the
	// longest matching prefix wins. They come before the codes that all
	// products share.
	Classes map[string]Class
	// Secret reports whether the value of a parameter must be struck out of
	// messages that the service sends back. Nil means that none is.
	Secret func(param string) bool
}

// Limit is a token bucket: Rate calls per second, Burst at once.
type Limit struct {
	Rate  float64
	Burst int
}

// PerMinute is the bucket for a documented quota of n calls in 60 seconds. A
// tenth may go at once and the rest flows evenly, so that no window of 60
// seconds holds more than n.
func PerMinute(n int) Limit {
	burst := max(n/10, 1)
	return Limit{Rate: float64(n-burst) / 60, Burst: burst}
}

// Request is one call of an action.
type Request struct {
	Product *Product
	Action  string
	// Params are the action's own parameters by their wire name. Those of the
	// protocol (signature, version, format) are added.
	Params map[string]string
	// Once says that the action must not be repeated when its answer was lost,
	// because it would happen twice. It is still repeated when the service
	// refused it.
	Once bool
}
