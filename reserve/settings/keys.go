package settings

import "github.com/ebb-node/ebb/instancespecs"

// Keys of annotations that Alibaba documents
// (https://www.alibabacloud.com/help/en/ack/serverless-kubernetes/user-guide/reserved-instances).
const (
	// AnnotationReserve switches the reserve on or off.
	AnnotationReserve = "knative.aliyun.com/reserve-instance"
	// AnnotationType is where the reserve runs.
	AnnotationType = "knative.aliyun.com/reserve-instance-type"
	// AnnotationReplicas is how many pods stand ready
	// (https://www.alibabacloud.com/help/doc-detail/2834014.html).
	AnnotationReplicas = "knative.aliyun.com/reserve-instance-replicas"
	// AnnotationSpecs lists the instance specs to try.
	AnnotationSpecs = instancespecs.AnnotationReserve

	// AnnotationCPURequest and its like are the resources of the user's container
	// in the reserve. Their names follow the documented ones for queue-proxy.
	AnnotationCPURequest    = "knative.aliyun.com/reserve-instance-cpu-resource-request"
	AnnotationCPULimit      = "knative.aliyun.com/reserve-instance-cpu-resource-limit"
	AnnotationMemoryRequest = "knative.aliyun.com/reserve-instance-memory-resource-request"
	AnnotationMemoryLimit   = "knative.aliyun.com/reserve-instance-memory-resource-limit"
)

// Keys of annotations of ebb's own: nothing is documented for spot reserves.
const (
	// AnnotationSpotStrategy buys the reserve as a spot instance.
	AnnotationSpotStrategy = "ebb-node.github.io/reserve-spot-strategy"
	// AnnotationSpotPriceLimit is what it may cost an hour at most.
	AnnotationSpotPriceLimit = "ebb-node.github.io/reserve-spot-price-limit"
)
