package cli

import (
	"fmt"
	"io"
	"time"

	"github.com/ebb-node/ebb/instancespecs"
)

// print writes what became of the instance, and what would come next.
func (c *course) print(w io.Writer, prices *instancespecs.PriceBook) error {
	t := c.ledger.Type()
	fmt.Fprintf(w, "%s, mode %s: baseline %g %% per vCPU, %g credits/h, cap %g, %g initial credits\n\n",
		t, c.ledger.Mode(), t.BaselinePercent, t.CreditsPerHour, t.MaxBalance, t.InitialCredits)
	if err := c.printRows(w); err != nil {
		return err
	}
	fmt.Fprintln(w)
	c.printEnd(w)
	c.printCost(w, prices)
	return nil
}

func (c *course) printRows(w io.Writer) error {
	head := []string{"AFTER", "USE WANTED", "USE GOT", "INITIAL", "ACCRUED", "TOTAL"}
	if c.measured {
		head = append([]string{"AFTER", "USE"}, head[3:]...)
	}
	if !c.standard() {
		head = append(head, "ADVANCE", "OVERDRAWN")
	}
	t := newTable(w, head...)
	before := c.moments[0]
	for _, i := range c.rows {
		m := c.moments[i]
		b := m.balance
		wanted, got := c.use(before, m)
		before = m
		row := []string{brief(m.at), percent(wanted)}
		if !c.measured {
			row = append(row, percent(got))
		}
		row = append(row, credits(b.Initial), credits(b.Accrued), credits(b.Total()))
		if !c.standard() {
			row = append(row, credits(b.Owed), credits(b.Overdrawn))
		}
		t.row(row...)
	}
	return t.Flush()
}

func (c *course) printEnd(w io.Writer) {
	if c.throttled > 0 {
		fmt.Fprintf(w, "Throttled to the baseline for %s in all, the first time after %s.\n", brief(c.throttled), brief(c.exhausted))
	} else if c.standard() {
		fmt.Fprintln(w, "Never throttled.")
	}
	use := c.ledger.Utilisation()
	fmt.Fprintf(w, "From here on:\n  all vCPUs at full speed:  %s\n", brief(c.ledger.FullSpeedLeft()))
	fmt.Fprintf(w, "  as at last (%s):  %s\n", percent(use), span("credits last %s", "used up", "credits last for ever")(c.ledger.TimeToExhaustion(use)))
	fmt.Fprintf(w, "  idle:  %s\n", span("full after %s", "full", "never full")(c.ledger.TimeToFull(0)))
}

// span words a prediction.
func span(later, now, never string) func(time.Duration, bool) string {
	return func(d time.Duration, ok bool) string {
		switch {
		case !ok:
			return never
		case d == 0:
			return now
		default:
			return fmt.Sprintf(later, brief(d))
		}
	}
}

// printCost writes what is known about the cost; nothing if nothing is.
func (c *course) printCost(w io.Writer, prices *instancespecs.PriceBook) {
	life := c.moments[len(c.moments)-1].at
	t := c.ledger.Type()
	if p, ok := prices.Lookup(t.ID); ok {
		fmt.Fprintf(w, "Cost of the instance for %s: %s, as of %s\n  source: %s\n", brief(life), p.Cost(life), p.AsOf, p.Source)
	}
	overdrawn := c.ledger.Balance().Overdrawn
	if p, ok := prices.Lookup(instancespecs.KeyOverdrawnCredit); ok && overdrawn > 0 {
		fmt.Fprintf(w, "Cost of %s overdrawn credits: %.4f %s (%s), as of %s\n  source: %s\n",
			credits(overdrawn), overdrawn*p.Hourly, p.Currency, p.Kind, p.AsOf, p.Source)
	}
}

func percent(share float64) string { return fmt.Sprintf("%.1f %%", 100*share) }

func credits(v float64) string { return fmt.Sprintf("%.1f", v) }
