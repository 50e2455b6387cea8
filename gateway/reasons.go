package gateway

// Reasons of conditions and Events besides those of package ingress. The
// user's page docs/gateway.md explains all of them.
const (
	// Of the condition NetworkConfigured.

	ReasonBackendMissing     = "BackendMissing"     // a split's Service is not there or lacks the port
	ReasonCertificateInvalid = "CertificateInvalid" // a Secret for TLS is missing or bad

	// Of the condition LoadBalancerReady.

	ReasonProgramming             = "Programming"             // the load balancer does not have all of it yet
	ReasonNoRoom                  = "NoRoom"                  // no load balancer has place, and there may be no more
	ReasonLoadBalancerUnavailable = "LoadBalancerUnavailable" // it cannot be made or read
	ReasonLoadBalancerGone        = "LoadBalancerGone"        // it was deleted
	ReasonRefused                 = "Refused"                 // an object cannot be as it should
	ReasonRelayUnavailable        = "RelayUnavailable"        // the relay is needed and has no replica

	// Of Events alone.

	ReasonNoNetworkInterface = "NoNetworkInterface" // a pod cannot be reached by the load balancer
	ReasonCertificateExpires = "CertificateExpires" // soon
	ReasonHostNotCovered     = "HostNotCovered"     // by its certificate
	ReasonMoved              = "Moved"              // to another load balancer, with another address
	ReasonServiceTaken       = "ServiceTaken"       // the load balancer's Service is somebody else's
)

// problem is something that a user has to know about an Ingress.
type problem struct {
	reason, message string
	// passing means that it is likely to end by itself.
	passing bool
}
