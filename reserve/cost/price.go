package cost

import (
	"regexp"
	"strconv"
	"strings"

	corev1 "k8s.io/api/core/v1"

	"github.com/ebb-node/ebb/instancespecs"
)

// size is a spec by vCPU and memory: 2-4Gi as a user writes it, 2.0-4.0Gi as a node
// does.
var size = regexp.MustCompile(`^([0-9.]+)-([0-9.]+)Gi$`)

// Of is the price of an instance spec: a type or a size.
func Of(spec string, book *instancespecs.PriceBook) (instancespecs.Price, bool) {
	m := size.FindStringSubmatch(spec)
	if m == nil {
		return book.Lookup(spec)
	}
	vcpu, err1 := strconv.ParseFloat(m[1], 64)
	memory, err2 := strconv.ParseFloat(m[2], 64)
	if err1 != nil || err2 != nil {
		return instancespecs.Price{}, false
	}
	return book.Size(instancespecs.Size{VCPU: vcpu, MemoryGiB: memory})
}

// The size of an ECI pod that asks for nothing
// (https://www.alibabacloud.com/help/doc-detail/114662.htm).
var nothingAsked = instancespecs.Size{VCPU: 2, MemoryGiB: 4}

// boughtOtherwise are annotations with which neither a pod's specs nor its size tell
// what it costs, each with the value that changes nothing
// (https://help.aliyun.com/zh/eci/user-guide/pod-annotations).
var boughtOtherwise = map[string]string{
	"k8s.aliyun.com/eci-spot-strategy":    "NoSpot",
	"k8s.aliyun.com/eci-compute-category": "general",
	"k8s.aliyun.com/eci-instance-type":    "",
	"k8s.aliyun.com/eci-instance-family":  "",
}

// OfPod is the price on demand of an ECI pod by its template: the first spec that it
// names, or the size that its containers add up to, a limit before a request. Of a
// spot instance, the economy category and such no price is known.
func OfPod(template *corev1.PodTemplateSpec, book *instancespecs.PriceBook, region string) (instancespecs.Price, bool) {
	for key, usual := range boughtOtherwise {
		if v := template.Annotations[key]; v != "" && v != usual {
			return instancespecs.Price{}, false
		}
	}
	first, _, _ := strings.Cut(template.Annotations[instancespecs.AnnotationUseSpecs], ",")
	if first = strings.TrimSpace(first); first != "" {
		return Of(first, book)
	}
	size, ok := SizeOf(&template.Spec, region)
	if !ok {
		return instancespecs.Price{}, false
	}
	return book.Size(size)
}

// SizeOf is the size that a pod gets by what its containers ask for; false if none
// that is sold is as large.
func SizeOf(pod *corev1.PodSpec, region string) (instancespecs.Size, bool) {
	want := Asked(pod)
	if want == (instancespecs.Size{}) {
		want = nothingAsked
	}
	sold, err := instancespecs.GridFor(region, false).RoundUp(want.VCPU, want.MemoryGiB)
	return sold, err == nil
}

// Asked is what the containers of a pod ask for together.
func Asked(pod *corev1.PodSpec) instancespecs.Size {
	var out instancespecs.Size
	for i := range pod.Containers {
		r := pod.Containers[i].Resources
		out.VCPU += asked(r, corev1.ResourceCPU)
		out.MemoryGiB += asked(r, corev1.ResourceMemory) / (1 << 30)
	}
	return out
}

// asked is a limit, or else a request.
func asked(r corev1.ResourceRequirements, name corev1.ResourceName) float64 {
	if q, ok := r.Limits[name]; ok {
		return q.AsApproximateFloat64()
	}
	q := r.Requests[name]
	return q.AsApproximateFloat64()
}
