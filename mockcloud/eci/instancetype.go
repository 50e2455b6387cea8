package eci

import (
	"regexp"
	"strconv"
)

// family is the naming rule of ECS's general families: the letter gives GiB
// per vCPU, the size gives vCPU
// (https://www.alibabacloud.com/help/en/ecs/user-guide/overview-of-instance-families).
var family = regexp.MustCompile(`^ecs\.([cgr])[5-8]\.(?:(large)|([0-9]*)xlarge)$`)

var gibPerVCPU = map[string]float64{"c": 2, "g": 4, "r": 8}

// instanceType answers the size of an ECS type: one of the catalogue, or one
// that the naming rule explains.
func instanceType(catalogue map[string]size, name string) (size, bool) {
	if s, ok := catalogue[name]; ok {
		return s, true
	}
	m := family.FindStringSubmatch(name)
	if m == nil {
		return size{}, false
	}
	cpu := 4.0
	switch {
	case m[2] == "large":
		cpu = 2
	case m[3] != "":
		n, _ := strconv.Atoi(m[3])
		cpu = float64(4 * n)
	}
	return size{cpu, cpu * gibPerVCPU[m[1]]}, cpu > 0
}
