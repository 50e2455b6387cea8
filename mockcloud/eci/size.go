package eci

import (
	"encoding/csv"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/ebb-node/ebb/instancespecs/data"
	"github.com/ebb-node/ebb/mockcloud/rpc"
)

// size is what a group is billed as: vCPU and GiB.
type size struct{ cpu, memory float64 }

// grid is the table of sizes that all regions have, vCPU to GiB, smallest
// first (https://www.alibabacloud.com/help/doc-detail/114662.htm).
var grid = []struct {
	cpu    float64
	memory []float64
}{
	{0.25, []float64{0.5, 1}},
	{0.5, []float64{1, 2}},
	{1, []float64{2, 4, 8}},
	{2, []float64{1, 2, 4, 8, 16}},
	{4, []float64{2, 4, 8, 16, 32}},
	{8, []float64{4, 8, 16, 32, 64}},
	{12, []float64{12, 24, 48, 96}},
	{16, []float64{16, 32, 64, 128}},
	{24, []float64{24, 48, 96, 192}},
	{32, []float64{32, 64, 128, 256}},
	{52, []float64{96, 192, 384}},
	{64, []float64{128, 256, 512}},
}

// defaultSize is the size of a group that says nothing about it
// (https://help.aliyun.com/document_detail/446853.html).
var defaultSize = size{2, 4}

// spotMinimum is the smallest vCPU number of a spot group
// (https://www.alibabacloud.com/help/doc-detail/114662.htm).
const spotMinimum = 2

// roundUp finds the smallest size on the grid that is enough in both.
func roundUp(s size, spot bool) (size, error) {
	for _, row := range grid {
		if row.cpu < s.cpu || spot && row.cpu < spotMinimum {
			continue
		}
		for _, memory := range row.memory {
			if memory >= s.memory {
				return size{row.cpu, memory}, nil
			}
		}
	}
	return size{}, rpc.Errorf(http.StatusBadRequest, "InvalidParameter.CPU.Memory",
		"No instance has %v vCPU and %v GiB; the largest has 64 vCPU and 512 GiB.", s.cpu, s.memory)
}

// resourceIgnore is the variable that leaves a container out of the sum
// (https://help.aliyun.com/document_detail/446853.html).
const resourceIgnore = "__ECI_RESOURCE_IGNORE__"

// requestedSize is the size that a request without instance types asks for,
// before rounding.
func (r *createRequest) requestedSize() (size, error) {
	if (r.Cpu == nil) != (r.Memory == nil) {
		return size{}, rpc.Errorf(http.StatusBadRequest, "InvalidParameter.CPU.Memory",
			"Cpu and Memory go together: give both or none.")
	}
	if r.Cpu != nil {
		return size{*r.Cpu, *r.Memory}, nil
	}
	sum := size{}
	for i := range r.Container {
		s := r.Container[i].resources()
		sum.cpu, sum.memory = sum.cpu+s.cpu, sum.memory+s.memory
	}
	// How init containers count is not documented: Kubernetes' rule.
	for i := range r.InitContainer {
		s := r.InitContainer[i].resources()
		sum.cpu, sum.memory = max(sum.cpu, s.cpu), max(sum.memory, s.memory)
	}
	if sum == (size{}) {
		return defaultSize, nil
	}
	return sum, nil
}

func (c *initContainerRequest) resources() size {
	for _, e := range c.EnvironmentVar {
		if e.Key == resourceIgnore && strings.EqualFold(e.Value, "true") {
			return size{}
		}
	}
	return size{deref(c.Cpu), deref(c.Memory)}
}

func deref[T any](p *T) T {
	if p == nil {
		var zero T
		return zero
	}
	return *p
}

// readInstanceTypes reads the catalogue of ECS types.
func readInstanceTypes(text string) (map[string]size, error) {
	reader := csv.NewReader(strings.NewReader(text))
	reader.Comment = '#'
	rows, err := reader.ReadAll()
	if err != nil || len(rows) == 0 {
		return nil, fmt.Errorf("instance type catalogue: %w", err)
	}
	name := slices.Index(rows[0], "instance_type")
	cpu := slices.Index(rows[0], "vcpu")
	memory := slices.Index(rows[0], "memory_gib")
	if name < 0 || cpu < 0 || memory < 0 {
		return nil, fmt.Errorf("instance type catalogue: columns instance_type, vcpu and memory_gib are needed")
	}
	types := map[string]size{}
	for _, row := range rows[1:] {
		c, errCPU := strconv.ParseFloat(row[cpu], 64)
		m, errMemory := strconv.ParseFloat(row[memory], 64)
		if errCPU != nil || errMemory != nil {
			return nil, fmt.Errorf("instance type catalogue: %s has no numeric vcpu and memory_gib", row[name])
		}
		types[row[name]] = size{c, m}
	}
	return types, nil
}

func defaultInstanceTypes() (map[string]size, error) { return readInstanceTypes(data.Catalogue) }
