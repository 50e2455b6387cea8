package backend

import (
	discoveryv1 "k8s.io/api/discovery/v1"
	"k8s.io/apimachinery/pkg/types"
	"knative.dev/networking/pkg/apis/networking"
	"sigs.k8s.io/controller-runtime/pkg/client"
)

// revisionLabel is on both Services of a revision and names the public one
// (SKSLabelKey of knative.dev/serving/pkg/networking).
const revisionLabel = networking.GroupName + "/serverlessservice"

// ServiceOf is the Service, as an Ingress names it, whose addresses may change
// when a Service, an EndpointSlice or a ServerlessService does: for both
// Services of a revision it is the public one. Slices have the labels of their
// Service. The second result is false for a slice of no Service.
func ServiceOf(o client.Object) (types.NamespacedName, bool) {
	name := types.NamespacedName{Namespace: o.GetNamespace()}
	labels := o.GetLabels()
	if revision, ok := labels[revisionLabel]; ok {
		name.Name = revision
		return name, true
	}
	if _, slice := o.(*discoveryv1.EndpointSlice); slice {
		name.Name = labels[discoveryv1.LabelServiceName]
		return name, name.Name != ""
	}
	name.Name = o.GetName()
	return name, true
}
