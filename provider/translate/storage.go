package translate

import (
	"fmt"
	"math"
	"strconv"
	"strings"

	corev1 "k8s.io/api/core/v1"
)

// ephemeralStorage asks for what goes beyond the free storage.
func (t *translator) ephemeralStorage() {
	extra, err := extraStorage(t.pod)
	if err != nil {
		t.refuse(field(keyExtraStorage), err.Error(), "")
	}
	t.request.EphemeralStorage = extra
}

// extraStorage is the larger of the annotation, which counts extra space, and
// the pod's resources, which count all of it; in GiB.
func extraStorage(pod *corev1.Pod) (int, error) {
	extra := max(storageGiB(pod)-freeStorageGiB, 0)
	v := strings.TrimSpace(pod.Annotations[Prefix+keyExtraStorage])
	if v == "" {
		return extra, nil
	}
	n, err := strconv.Atoi(strings.TrimSuffix(v, "Gi"))
	if err != nil || n < 0 {
		return extra, fmt.Errorf("%q is not a number of GiB such as 50Gi", v)
	}
	return max(extra, n), nil
}

// storageGiB is the ephemeral storage that the containers ask for together,
// rounded up.
func storageGiB(pod *corev1.Pod) int {
	var sum int64
	for _, list := range [][]corev1.Container{pod.Spec.Containers, pod.Spec.InitContainers} {
		for i := range list {
			r := list[i].Resources
			limit, ok := r.Limits[corev1.ResourceEphemeralStorage]
			if !ok {
				limit = r.Requests[corev1.ResourceEphemeralStorage]
			}
			sum += limit.Value()
		}
	}
	return int(math.Ceil(float64(sum) / gib))
}
