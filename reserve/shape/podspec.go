package shape

import (
	"maps"
	"slices"

	corev1 "k8s.io/api/core/v1"
	"knative.dev/serving/pkg/apis/serving"

	"github.com/ebb-node/ebb/reserve/settings"
)

// queueProxy is the name of Knative's container in every pod of a revision
// (serving pkg/reconciler/revision/resources/queue.go).
const queueProxy = "queue-proxy"

// ignoreResources keeps a container out of the size of an ECI instance
// (https://help.aliyun.com/document_detail/446853.html).
const ignoreResources = "__ECI_RESOURCE_IGNORE__"

// podSpec is that of the reserve's pods.
func podSpec(in Input) corev1.PodSpec {
	spec := *in.Standard.Spec.Template.Spec.DeepCopy()
	setResources(&spec, in.Settings.Resources)
	dropSpread(&spec)
	if in.Settings.Type != settings.ECI {
		return spec
	}
	for i := range spec.Containers {
		if c := &spec.Containers[i]; c.Name == queueProxy {
			c.Env = append(slices.Clone(c.Env), corev1.EnvVar{Name: ignoreResources, Value: "TRUE"})
		}
	}
	fit(&spec, in.Specs.Least)
	place(&spec, in.Place)
	return spec
}

// dropSpread removes Knative's preference to spread a revision over nodes: the
// reserve's pods lack the label that it goes by.
func dropSpread(spec *corev1.PodSpec) {
	if spec.Affinity == nil || spec.Affinity.PodAntiAffinity == nil {
		return
	}
	anti := spec.Affinity.PodAntiAffinity
	anti.PreferredDuringSchedulingIgnoredDuringExecution = slices.DeleteFunc(
		anti.PreferredDuringSchedulingIgnoredDuringExecution, func(t corev1.WeightedPodAffinityTerm) bool {
			s := t.PodAffinityTerm.LabelSelector
			return s != nil && s.MatchLabels[serving.RevisionLabelKey] != ""
		})
	if len(anti.PreferredDuringSchedulingIgnoredDuringExecution)+len(anti.RequiredDuringSchedulingIgnoredDuringExecution) == 0 {
		spec.Affinity.PodAntiAffinity = nil
	}
	if *spec.Affinity == (corev1.Affinity{}) {
		spec.Affinity = nil
	}
}

// place sends pods to the virtual node.
func place(spec *corev1.PodSpec, p Place) {
	selector := maps.Clone(spec.NodeSelector)
	if selector == nil {
		selector = map[string]string{}
	}
	maps.Copy(selector, p.NodeSelector)
	spec.NodeSelector = selector
	spec.Tolerations = slices.Clone(spec.Tolerations)
	for _, t := range p.Tolerations {
		if !slices.ContainsFunc(spec.Tolerations, func(has corev1.Toleration) bool { return has.MatchToleration(&t) }) {
			spec.Tolerations = append(spec.Tolerations, t)
		}
	}
}
