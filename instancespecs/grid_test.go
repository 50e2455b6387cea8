package instancespecs

import (
	"math"
	"math/rand/v2"
	"strings"
	"testing"
)

func TestRoundUp(t *testing.T) {
	tests := []struct {
		vcpu, memory float64
		region       string
		spot         bool
		want         string
	}{
		{7, 13, "cn-hangzhou", false, "8-14Gi"}, // documented
		{3, 6, "cn-hangzhou", false, "4-6Gi"},
		{4.25, 8.5, "cn-hangzhou", false, "6-10Gi"}, // documented
		{4, 8, "cn-hangzhou", false, "4-8Gi"},       // documented: the same without the sidecar
		{2, 3, "", false, "2-4Gi"},
		{2, 3, "us-west-1", false, "2-4Gi"},
		{0.1, 0.1, "", false, "0.25-0.5Gi"},
		{0, 0, "", false, "0.25-0.5Gi"},
		{7, 13, "", false, "8-16Gi"},
		{2, 5, "", false, "2-8Gi"},
		{2, 5, "ap-southeast-1", false, "2-6Gi"},
		{2, 5, "cn-hangzhou", true, "2-8Gi"}, // extra sizes are not sold as spot
		{1, 2, "", true, "2-2Gi"},            // nor is less than 2 vCPU
		{8, 63, "cn-beijing", false, "8-64Gi"},
		{64, 512, "", false, "64-512Gi"},
		{33, 1, "", false, "52-96Gi"},
	}
	for _, tt := range tests {
		got, err := GridFor(tt.region, tt.spot).RoundUp(tt.vcpu, tt.memory)
		if err != nil || got.String() != tt.want {
			t.Errorf("%g vCPU, %g GiB, region %q, spot %t: got %s, %v, want %s",
				tt.vcpu, tt.memory, tt.region, tt.spot, got, err, tt.want)
		}
	}
}

func TestRoundUpErrors(t *testing.T) {
	for _, tt := range []struct {
		vcpu, memory float64
		want         string
	}{
		{65, 1, "the largest that ECI sells in all regions has 64 vCPU and 512 GiB"},
		{1, 513, "name an ECS instance type"},
		{-1, 1, "-1 vCPU"},
		{1, math.NaN(), "0 or more"},
	} {
		if _, err := GridFor("", false).RoundUp(tt.vcpu, tt.memory); err == nil || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%g vCPU, %g GiB: got %v, want an error with %q", tt.vcpu, tt.memory, err, tt.want)
		}
	}
}

func TestGridCounts(t *testing.T) {
	for name, tt := range map[string]struct {
		grid Grid
		want int
	}{
		"common": {GridFor("", false), 44},
		"extra":  {GridFor("cn-hangzhou", false), 44 + 4 + 11 + 22 + 25},
		"spot":   {GridFor("cn-hangzhou", true), 44 - 7},
	} {
		if got := len(tt.grid.All()); got != tt.want {
			t.Errorf("%s grid has %d sizes, want %d", name, got, tt.want)
		}
	}
}

// A size is never below what was asked, and no size that precedes it would do.
func TestRoundUpIsTheSmallest(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	for range 20000 {
		region := []string{"", "cn-shanghai"}[rng.IntN(2)]
		grid := GridFor(region, rng.IntN(4) == 0)
		vcpu, memory := rng.Float64()*64, rng.Float64()*128
		got, err := grid.RoundUp(vcpu, memory)
		if err != nil {
			t.Fatal(err)
		}
		if got.VCPU < vcpu || got.MemoryGiB < memory {
			t.Fatalf("%g vCPU, %g GiB became %s", vcpu, memory, got)
		}
		for _, s := range grid.All() {
			if s.VCPU >= vcpu && s.MemoryGiB >= memory && s.less(got) {
				t.Fatalf("%g vCPU, %g GiB became %s, but %s is smaller", vcpu, memory, got, s)
			}
		}
		if again, _ := grid.RoundUp(got.VCPU, got.MemoryGiB); again != got {
			t.Fatalf("%s became %s", got, again)
		}
	}
}
