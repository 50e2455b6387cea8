package reserve

import (
	"slices"

	corev1 "k8s.io/api/core/v1"

	"github.com/ebb-node/ebb/instancespecs"
	"github.com/ebb-node/ebb/reserve/cost"
)

// annotationSpec is what a virtual node tells of the instance that a pod got
// (https://help.aliyun.com/zh/eci/user-guide/pod-annotations).
const annotationSpec = "k8s.aliyun.com/eci-instance-spec"

// rate is what an hour of the reserve costs now, and what one of the standard pod of
// min-scale 1 would, while there is none.
func (r *reconciler) rate(s *scene) (cost.Rate, string, instancespecs.PriceKind) {
	book := r.Market().Prices()
	var rate cost.Rate
	kind := instancespecs.APIPrice
	for i := range s.pods {
		switch price, ok := r.priceOf(s, &s.pods[i], book); {
		case !billed(&s.pods[i]):
		case ok:
			rate.Spent += price.Hourly
			kind = max(kind, price.Kind)
		default:
			rate.Unpriced++
		}
	}
	if replicas(s.standard.Spec.Replicas) == 0 {
		price, ok := r.standardPrice(s, book)
		rate.Uncompared = !ok
		if ok {
			rate.Avoided = price.Hourly
			kind = max(kind, price.Kind)
		}
	}
	return rate, book.Currency(), kind
}

// standardPrice is the price of a standard pod; false if it is not known, as of one
// that may run on an ordinary node.
func (r *reconciler) standardPrice(s *scene, book *instancespecs.PriceBook) (instancespecs.Price, bool) {
	template := &s.standard.Spec.Template
	if !r.Untainted && !r.virtual(template) {
		return instancespecs.Price{}, false
	}
	return cost.OfPod(template, book, r.Region)
}

// labelECI has Alibaba Cloud's webhook send a pod to the virtual node
// (https://help.aliyun.com/en/eci/user-guide/schedule-pods-to-virtual-kubelet).
const labelECI = "alibabacloud.com/eci"

// virtual reports whether pods of a template ask for a virtual node.
func (r *reconciler) virtual(template *corev1.PodTemplateSpec) bool {
	if template.Labels[labelECI] == "true" {
		return true
	}
	for _, t := range r.Tolerations {
		if slices.ContainsFunc(template.Spec.Tolerations, func(has corev1.Toleration) bool { return has.Key == t.Key }) {
			return true
		}
	}
	return false
}

// billed reports whether a pod has an instance: from the pull of its images to its
// end (https://help.aliyun.com/zh/eci).
func billed(pod *corev1.Pod) bool {
	if pod.Status.Phase == corev1.PodFailed || pod.Status.Phase == corev1.PodSucceeded {
		return false
	}
	return pod.Annotations[annotationSpec] != "" || pod.Status.Phase == corev1.PodRunning
}

// priceOf is the price of a reserve pod. That of a spot instance is the market's,
// which no price book has.
func (r *reconciler) priceOf(s *scene, pod *corev1.Pod, book *instancespecs.PriceBook) (instancespecs.Price, bool) {
	spec := pod.Annotations[annotationSpec]
	if spec == "" || s.settings.Spot.Strategy != "" {
		return instancespecs.Price{}, false
	}
	return cost.Of(spec, book)
}
