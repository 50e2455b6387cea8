package provider

import (
	"strings"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/runtime"
	kuberecord "k8s.io/client-go/tools/record"
)

// quiet is the event recorder that the pod controller gets. It leaves out the
// controller's events of success ("ProviderCreateSuccess"): they come when the
// provider has taken note of a pod, before anything has been done, and cost a
// call each.
type quiet struct{ kuberecord.EventRecorder }

func (q quiet) Event(object runtime.Object, kind, reason, message string) {
	if kind == corev1.EventTypeNormal && strings.HasPrefix(reason, "Provider") {
		return
	}
	q.EventRecorder.Event(object, kind, reason, message)
}
