package instancespecs

import (
	"fmt"
	"slices"
	"sort"
)

// Grid is the list of sizes that can be bought in one region.
type Grid struct {
	name  string // for errors
	sizes []Size // by vCPU, then by memory
}

// The three grids there are.
var (
	commonGrid = newGrid("in all regions", 0, commonSizes)
	extraGrid  = newGrid("in regions with extra sizes", 0, commonSizes, extraSizes)
	// Spot needs at least 2 vCPU and a pair of the common table
	// (https://www.alibabacloud.com/help/doc-detail/114664.htm).
	spotGrid = newGrid("as spot", 2, commonSizes)
)

// GridFor returns the grid of a region. An empty or unknown region has the
// sizes that every region has. Spot pods have fewer sizes.
func GridFor(region string, spot bool) Grid {
	switch {
	case spot:
		return spotGrid
	case slices.Contains(extraRegions, region):
		return extraGrid
	default:
		return commonGrid
	}
}

// newGrid lists the sizes of the tables that have at least minVCPU.
func newGrid(name string, minVCPU float64, tables ...[]sizeRow) Grid {
	g := Grid{name: name}
	for _, rows := range tables {
		for _, row := range rows {
			for _, m := range row.memory {
				if row.vcpu >= minVCPU {
					g.sizes = append(g.sizes, Size{row.vcpu, m})
				}
			}
		}
	}
	sort.Slice(g.sizes, func(i, j int) bool { return g.sizes[i].less(g.sizes[j]) })
	return g
}

// All returns every size of the grid, ordered by vCPU and memory.
func (g Grid) All() []Size { return slices.Clone(g.sizes) }

// RoundUp returns the smallest size that has at least vcpu and memoryGiB: the
// fewest vCPUs, and with these the least memory. 7 and 13 GiB become 8 and
// 14 GiB in Hangzhou (https://help.aliyun.com/document_detail/114662.html).
// The error names the largest size if nothing is large enough, and the field
// that is negative or not a number.
func (g Grid) RoundUp(vcpu, memoryGiB float64) (Size, error) {
	if !(vcpu >= 0) || !(memoryGiB >= 0) {
		return Size{}, fmt.Errorf("size of %g vCPU and %g GiB: both must be 0 or more", vcpu, memoryGiB)
	}
	for _, s := range g.sizes {
		if s.holds(vcpu, memoryGiB) {
			return s, nil
		}
	}
	largest := g.sizes[len(g.sizes)-1]
	return Size{}, fmt.Errorf("size of %g vCPU and %g GiB: the largest that ECI sells %s has %g vCPU and %g GiB; "+
		"ask for less or name an ECS instance type", vcpu, memoryGiB, g.name, largest.VCPU, largest.MemoryGiB)
}
