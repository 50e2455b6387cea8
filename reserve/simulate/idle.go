package simulate

import (
	"fmt"
	"io"

	"github.com/ebb-node/ebb/instancespecs"
)

// IdleHour writes what an hour without traffic costs with a reserve, against a
// standard pod, and against one of the same size that is bought by its size, if the
// standard one is bought as an instance type.
func IdleHour(w io.Writer, a Assumptions, market *instancespecs.Market) error {
	reserve, err := priceOf(a.ReserveSpec, market.Prices())
	if err != nil {
		return err
	}
	specs := []string{a.StandardSpec}
	if t, ok := market.Catalogue().Lookup(a.StandardSpec); ok {
		specs = append(specs, instancespecs.Size{VCPU: t.VCPU, MemoryGiB: t.MemoryGiB}.String())
	}
	for _, spec := range specs {
		standard, err := priceOf(spec, market.Prices())
		if err != nil {
			return err
		}
		fmt.Fprintf(w, "An idle hour on %s costs %.4f %s, on %s %.4f: %s with the reserve.\n",
			spec, standard.Hourly, standard.Currency, a.ReserveSpec, reserve.Hourly, less(reserve.Hourly, standard.Hourly))
	}
	return nil
}

// less says how much less one price is than another, or how much more.
func less(a, b float64) string {
	if a > b {
		return fmt.Sprintf("%.0f %% more", 100*(a/b-1))
	}
	return fmt.Sprintf("%.0f %% less", 100*(1-a/b))
}
