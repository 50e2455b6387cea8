package simulate

import (
	"fmt"
	"io"
	"text/tabwriter"
	"time"
)

// Table writes what the strategies have come to, each beside the first.
func Table(w io.Writer, t *Trace, a Assumptions, results []*Result) error {
	fmt.Fprintf(w, "%s: %d requests in %s; standard %s, reserve %s, a standard pod starts in %s, a reserve in %s\n\n",
		t.Name, len(t.Arrivals), brief(t.Length), a.StandardSpec, a.ReserveSpec, a.StandardStart, a.ReserveStart)
	table := tabwriter.NewWriter(w, 0, 0, 3, ' ', 0)
	fmt.Fprintln(table, "STRATEGY\tCOST\tOF THE FIRST\tSTANDARD\tRESERVE\tCOLD STARTS\tREQUESTS THAT WAITED\tWAITED IN ALL\tLONGEST WAIT\tNO POD READY")
	for _, r := range results {
		fmt.Fprintf(table, "%s\t%.2f %s\t%.0f %%\t%s\t%s\t%d\t%d\t%s\t%s\t%s\n", r.Strategy, r.Cost.Value, r.Cost.Currency,
			100*r.Cost.Value/results[0].Cost.Value, hours(r.Sums.Standard), hours(r.Sums.Reserve),
			r.Sums.ColdStarts, r.Sums.Late, brief(r.Sums.Waited), brief(r.Sums.LongestWait), brief(r.Sums.Gap))
	}
	if err := table.Flush(); err != nil {
		return err
	}
	for _, r := range results {
		r.printReserve(w)
	}
	last := results[len(results)-1].Cost
	fmt.Fprintf(w, "\nPrices: %s. %s\n", last.Kind, last.Source)
	return nil
}

// printReserve writes what is worth knowing of a reserve.
func (r *Result) printReserve(w io.Writer) {
	if r.Strategy != WithReserve {
		return
	}
	fmt.Fprintf(w, "\nThe reserve answered %d requests first and changed its state %d times.", r.Sums.ByReserve, r.Switches)
	if r.Burstable {
		fmt.Fprintf(w, " Its CPU credits never fell below %.1f; it was held at its baseline for %s.", r.LowestCredits, brief(r.Throttled))
	}
	fmt.Fprintln(w)
}

// hours are pod hours.
func hours(d time.Duration) string { return fmt.Sprintf("%.1f h", d.Hours()) }

// brief is a duration as people read it.
func brief(d time.Duration) string {
	switch {
	case d == 0:
		return "0"
	case d < time.Minute:
		return fmt.Sprintf("%.1f s", d.Seconds())
	case d < time.Hour:
		return fmt.Sprintf("%.1f min", d.Minutes())
	}
	return fmt.Sprintf("%.1f h", d.Hours())
}
