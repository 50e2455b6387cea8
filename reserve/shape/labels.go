package shape

import (
	"maps"
	"time"

	corev1 "k8s.io/api/core/v1"
	"knative.dev/pkg/kmeta"
	"knative.dev/serving/pkg/apis/serving"
)

// LabelReserve is on the reserve Deployment and its pods, with the revision's UID.
// The Deployment selects by it alone.
const LabelReserve = "ebb-node.github.io/reserve"

// LabelOf is on the reserve Deployment and its pods, with the revision's name.
const LabelOf = "ebb-node.github.io/reserve-of"

// AnnotationDetached is on pods that have been taken out of the endpoints: when.
const AnnotationDetached = "ebb-node.github.io/reserve-detached-at"

// detachedUID stands in serving.knative.dev/revisionUID of a detached pod. The key
// stays, because Knative's autoscaler sees only pods that have it.
const detachedUID = "detached"

const (
	// annotationDeletionCost makes Kubernetes remove detached pods first
	// (https://kubernetes.io/docs/concepts/workloads/controllers/replicaset/#pod-deletion-cost).
	annotationDeletionCost = "controller.kubernetes.io/pod-deletion-cost"
	deletionCost           = "-1000"
)

// Name is that of the reserve Deployment of a revision. Long names are shortened as
// Knative shortens that of the standard one.
func Name(revision string) string { return kmeta.ChildName(revision, "-deployment-reserve") }

// podLabels are those of the reserve's pods.
func podLabels(standard map[string]string, revision, uid string) map[string]string {
	out := maps.Clone(standard)
	delete(out, serving.RevisionLabelKey)
	out[serving.RevisionUID], out[LabelReserve], out[LabelOf] = uid, uid, revision
	return out
}

// Attached reports whether a reserve pod gets requests once it is ready.
func Attached(pod *corev1.Pod) bool {
	return pod.Labels[serving.RevisionUID] == pod.Labels[LabelReserve]
}

// Detach takes a pod out of the endpoints of its revision.
func Detach(pod *corev1.Pod, now time.Time) {
	pod.Labels[serving.RevisionUID] = detachedUID
	if pod.Annotations == nil {
		pod.Annotations = map[string]string{}
	}
	pod.Annotations[AnnotationDetached] = now.UTC().Format(time.RFC3339Nano)
	pod.Annotations[annotationDeletionCost] = deletionCost
}

// DetachedAt is when a pod was detached. One that does not say so was detached
// before it was made, so that nobody waits for it.
func DetachedAt(pod *corev1.Pod) time.Time {
	at, err := time.Parse(time.RFC3339, pod.Annotations[AnnotationDetached])
	if err != nil {
		return pod.CreationTimestamp.Time
	}
	return at
}

// Counted reports whether Knative's autoscaler counts a pod.
func Counted(pod *corev1.Pod) bool { return pod.Labels[serving.RevisionLabelKey] != "" }

// Count lets the autoscaler count a pod as one of a revision's, or, with "", not.
func Count(pod *corev1.Pod, revision string) {
	if revision == "" {
		delete(pod.Labels, serving.RevisionLabelKey)
		return
	}
	pod.Labels[serving.RevisionLabelKey] = revision
}
