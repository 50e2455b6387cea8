package shape

import (
	"maps"

	appsv1 "k8s.io/api/apps/v1"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/util/intstr"
	servingv1 "knative.dev/serving/pkg/apis/serving/v1"

	"github.com/ebb-node/ebb/reserve/settings"
)

// Input is what a reserve Deployment is built from.
type Input struct {
	Revision *servingv1.Revision
	Standard *appsv1.Deployment
	Settings settings.Settings
	Specs    Specs
	Place    Place
	Replicas int
}

// Place is where pods of type eci may run.
type Place struct {
	NodeSelector map[string]string
	Tolerations  []corev1.Toleration
}

// rollOutSeconds is how long a pod of a changed template is ready before Kubernetes
// removes the one that it replaces: that one is detached first, and is idle after
// three statistics of a second each.
const rollOutSeconds = 10

// Build is the reserve Deployment of a revision.
func Build(in Input) *appsv1.Deployment {
	uid := string(in.Revision.UID)
	labels := podLabels(in.Standard.Spec.Template.Labels, in.Revision.Name, uid)
	one, none := intstr.FromInt32(1), intstr.FromInt32(0)
	history, replicas := int32(0), int32(in.Replicas)
	d := &appsv1.Deployment{
		ObjectMeta: metav1.ObjectMeta{
			Name: Name(in.Revision.Name), Namespace: in.Revision.Namespace,
			Labels:      maps.Clone(labels),
			Annotations: map[string]string{AnnotationSource: Source(in)},
			// Not its controller: Knative takes objects that it controls for its own.
			OwnerReferences: []metav1.OwnerReference{{
				APIVersion: servingv1.SchemeGroupVersion.String(), Kind: "Revision",
				Name: in.Revision.Name, UID: in.Revision.UID,
			}},
		},
		Spec: appsv1.DeploymentSpec{
			Replicas: &replicas, RevisionHistoryLimit: &history, MinReadySeconds: rollOutSeconds,
			Selector: &metav1.LabelSelector{MatchLabels: map[string]string{LabelReserve: uid}},
			Strategy: appsv1.DeploymentStrategy{
				Type:          appsv1.RollingUpdateDeploymentStrategyType,
				RollingUpdate: &appsv1.RollingUpdateDeployment{MaxUnavailable: &none, MaxSurge: &one},
			},
			Template: corev1.PodTemplateSpec{
				ObjectMeta: metav1.ObjectMeta{Labels: labels, Annotations: podAnnotations(in)},
				Spec:       podSpec(in),
			},
		},
	}
	return d
}
