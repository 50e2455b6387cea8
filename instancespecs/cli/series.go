package cli

import "gonum.org/v1/plot/plotter"

// end is the last hour of the course.
func (c *course) end() float64 { return c.moments[len(c.moments)-1].at.Hours() }

// nearCap reports whether credits, of any kind, ever came into the upper part of
// what an instance can have.
func (c *course) nearCap() bool {
	const upper = 1.0 / 3
	most := c.line(func(m moment) float64 { return max(m.balance.Total(), m.balance.Owed, m.balance.Overdrawn) })
	return highest(most) >= upper*c.ledger.Type().MaxBalance
}

// line joins the values of the moments.
func (c *course) line(value func(moment) float64) plotter.XYs {
	points := make(plotter.XYs, len(c.moments))
	for i, m := range c.moments {
		points[i] = plotter.XY{X: m.at.Hours(), Y: value(m)}
	}
	return points
}

// uses are the wanted use, and what of it was got, in percent: each held since
// the moment before.
func (c *course) uses() (wanted, got plotter.XYs) {
	for i, m := range c.moments[1:] {
		from, to := c.moments[i].at.Hours(), m.at.Hours()
		w, g := c.use(c.moments[i], m)
		wanted = append(wanted, plotter.XY{X: from, Y: 100 * w}, plotter.XY{X: to, Y: 100 * w})
		got = append(got, plotter.XY{X: from, Y: 100 * g}, plotter.XY{X: to, Y: 100 * g})
	}
	return wanted, got
}

// throttledSpans returns the hours from and to which the instance was held at
// its baseline.
func (c *course) throttledSpans() [][2]float64 {
	var spans [][2]float64
	for i, m := range c.moments {
		switch {
		case !m.throttled:
		case c.moments[i-1].throttled:
			spans[len(spans)-1][1] = m.at.Hours()
		default:
			spans = append(spans, [2]float64{c.moments[i-1].at.Hours(), m.at.Hours()})
		}
	}
	return spans
}

func highest(points plotter.XYs) float64 {
	var most float64
	for _, p := range points {
		most = max(most, p.Y)
	}
	return most
}
