package backend

import (
	discoveryv1 "k8s.io/api/discovery/v1"
	"k8s.io/apimachinery/pkg/types"
	"knative.dev/networking/pkg/apis/networking"
	"sigs.k8s.io/controller-runtime/pkg/client"
)

// Labels of a revision's Services and of their EndpointSlices
// (SKSLabelKey and ServiceTypeKey of knative.dev/serving/pkg/networking).
const (
	// RevisionLabel is on both Services and names the public one.
	RevisionLabel = networking.GroupName + "/serverlessservice"
	// ServiceTypeLabel tells them apart.
	ServiceTypeLabel = networking.GroupName + "/serviceType"
	// ServiceTypePublic is its value on the one that an Ingress names.
	ServiceTypePublic = "Public"
	// ServiceTypePrivate is its value on the one that leads to pods.
	ServiceTypePrivate = "Private"
)

// ServiceOf is the Service, as an Ingress names it, whose addresses may change
// when a Service or an EndpointSlice does: for both Services of a revision it is
// the public one. Slices have the labels of their Service. The second result is false for a slice of no Service.
func ServiceOf(o client.Object) (types.NamespacedName, bool) {
	name := types.NamespacedName{Namespace: o.GetNamespace()}
	labels := o.GetLabels()
	if revision, ok := labels[RevisionLabel]; ok {
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
