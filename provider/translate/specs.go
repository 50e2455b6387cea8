package translate

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"

	corev1 "k8s.io/api/core/v1"

	"github.com/ebb-node/ebb/instancespecs"
)

// maxSpecs is how many items eci-use-specs may have.
// https://www.alibabacloud.com/help/en/ack/serverless-kubernetes/user-guide/create-an-eci-pod
const maxSpecs = 5

// spec is one item of eci-use-specs: an ECS instance type, or a size.
type spec struct {
	instanceType string
	size         instancespecs.Size
}

var (
	sizePattern = regexp.MustCompile(`^([0-9]+(?:\.[0-9]+)?)-([0-9]+(?:\.[0-9]+)?)Gi$`)
	typePattern = regexp.MustCompile(`^ecs\.[a-z0-9][a-z0-9-]*(\.[a-z0-9][a-z0-9-]*)+$`)
)

// parseSpecs parses the value of eci-use-specs: "2-4Gi,ecs.c6.xlarge".
func parseSpecs(value string) ([]spec, error) {
	items := splitList(value)
	if len(items) > maxSpecs {
		return nil, fmt.Errorf("%d specs are given and %d are allowed", len(items), maxSpecs)
	}
	var specs []spec
	for _, item := range items {
		s, err := parseSpec(item)
		if err != nil {
			return nil, err
		}
		specs = append(specs, s)
	}
	return specs, nil
}

func parseSpec(item string) (spec, error) {
	if typePattern.MatchString(item) {
		return spec{instanceType: item}, nil
	}
	m := sizePattern.FindStringSubmatch(item)
	if m == nil {
		return spec{}, fmt.Errorf("%q is neither <vCPU>-<memory>Gi, such as 2-4Gi, nor an ECS instance type, such as ecs.c6.xlarge", item)
	}
	vcpu, err := strconv.ParseFloat(m[1], 64)
	if err != nil {
		return spec{}, fmt.Errorf("%q: the vCPU count is not a number", item)
	}
	memory, err := strconv.ParseFloat(m[2], 64)
	if err != nil {
		return spec{}, fmt.Errorf("%q: the memory is not a number", item)
	}
	if vcpu == 0 || memory == 0 {
		return spec{}, fmt.Errorf("%q: neither part may be zero", item)
	}
	return spec{size: instancespecs.Size{VCPU: vcpu, MemoryGiB: memory}}, nil
}

// specsOf reads the specs of a pod; none is no error.
func specsOf(pod *corev1.Pod) ([]spec, error) {
	for _, key := range []string{keyUseSpecs, keyInstanceType} {
		if v := strings.TrimSpace(pod.Annotations[Prefix+key]); v != "" {
			return parseSpecs(v)
		}
	}
	return nil, nil
}

// isType reports whether the pod's first spec is an instance type.
func isType(pod *corev1.Pod) bool {
	specs, err := specsOf(pod)
	return err == nil && len(specs) > 0 && specs[0].instanceType != ""
}

// firstSize is the size of a spec, or fallback when it is not known.
func firstSize(s spec, fallback instancespecs.Size, config Config) instancespecs.Size {
	if s.instanceType == "" {
		return s.size
	}
	if config.InstanceSize == nil {
		return fallback
	}
	vcpu, memory, ok := config.InstanceSize(s.instanceType)
	if !ok {
		return fallback
	}
	return instancespecs.Size{VCPU: vcpu, MemoryGiB: memory}
}
