package instancespecs

import "strconv"

// Size is a number of vCPUs and an amount of memory that ECI sells together.
type Size struct {
	VCPU      float64
	MemoryGiB float64
}

// String is the size as eci-use-specs writes it: 0.25-0.5Gi, 2-4Gi.
func (s Size) String() string {
	var b [32]byte
	text := strconv.AppendFloat(b[:0], s.VCPU, 'f', -1, 64)
	text = append(text, '-')
	text = strconv.AppendFloat(text, s.MemoryGiB, 'f', -1, 64)
	return string(append(text, "Gi"...))
}

// less orders sizes by vCPU, then by memory.
func (s Size) less(other Size) bool {
	if s.VCPU != other.VCPU {
		return s.VCPU < other.VCPU
	}
	return s.MemoryGiB < other.MemoryGiB
}

// holds reports whether the size has at least these vCPUs and this memory.
func (s Size) holds(vcpu, memoryGiB float64) bool {
	return s.VCPU >= vcpu && s.MemoryGiB >= memoryGiB
}

// sizeRow is the memory, in GiB, that one number of vCPUs can have.
type sizeRow struct {
	vcpu   float64
	memory []float64
}

// commonSizes are sold in all regions
// (https://help.aliyun.com/document_detail/114662.html).
var commonSizes = []sizeRow{
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

// extraSizes are sold in extraRegions besides, and never as spot (same page).
var extraSizes = []sizeRow{
	{2, []float64{6, 10, 12, 14}},
	{4, append([]float64{6, 10, 12, 14}, even(18, 30)...)},
	{6, even(6, 48)},
	{8, append(append([]float64{10, 12, 14}, even(18, 30)...), even(34, 62)...)},
}

// extraRegions are the regions that sell extraSizes (same page).
var extraRegions = []string{
	"cn-hangzhou", "cn-shanghai", "cn-qingdao", "cn-beijing", "cn-zhangjiakou", "cn-huhehaote", "cn-wulanchabu",
	"cn-shenzhen", "cn-heyuan", "cn-guangzhou", "cn-chengdu", "ap-southeast-1",
}

// even returns the even numbers from first to last.
func even(first, last float64) []float64 {
	var all []float64
	for m := first; m <= last; m += 2 {
		all = append(all, m)
	}
	return all
}
