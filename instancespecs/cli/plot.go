package cli

import (
	"fmt"
	"image/color"
	"io"

	"gonum.org/v1/plot/vg"
	vgdraw "gonum.org/v1/plot/vg/draw"

	"github.com/ebb-node/ebb/internal/plotting"
)

const (
	balanceHeight = 4 * vg.Inch
	useHeight     = 2.4 * vg.Inch
	legendWidth   = 1.85 * vg.Inch
)

// draw writes the course of the credits as a PNG image: the balance above, the
// use of the vCPUs below.
func draw(w io.Writer, c *course) error {
	return plotting.Stack{
		Figures: []*plotting.Figure{c.balanceFigure(), c.useFigure()}, Legend: legendWidth,
	}.WritePNG(w)
}

func (c *course) balanceFigure() *plotting.Figure {
	t := c.ledger.Type()
	f := plotting.NewFigure("credits", balanceHeight, c.end())
	f.Title.Text = fmt.Sprintf("CPU credits of %s, mode %s", t, c.ledger.Mode())
	total := c.line(func(m moment) float64 { return m.balance.Total() })
	overdrawn := c.line(func(m moment) float64 { return m.balance.Overdrawn })
	f.Y.Max = 1.05 * max(t.MaxBalance+t.InitialCredits, highest(overdrawn))
	low := !c.nearCap()
	if low { // with the cap in sight the line would lie on the axis
		f.Y.Max = 1.2 * highest(total)
	}
	c.shadeThrottled(f)
	f.Line("total", total, thick(plotting.Blue), plotting.Sky)
	f.Line("initial, left", c.line(func(m moment) float64 { return m.balance.Initial }), thin(plotting.Orange), nil)
	if !low {
		f.Level(fmt.Sprintf("cap %g", t.MaxBalance), t.MaxBalance, plotting.Dashed(plotting.Grey))
	}
	if !c.standard() {
		f.Line("advance, owed", c.line(func(m moment) float64 { return m.balance.Owed }), thin(plotting.Purple), nil)
		f.Line("overdrawn, billed", overdrawn, thin(plotting.Red), nil)
	}
	return f
}

func (c *course) useFigure() *plotting.Figure {
	t := c.ledger.Type()
	f := plotting.NewFigure("use of all vCPUs, %", useHeight, c.end())
	wanted, got := c.uses()
	f.X.Label.Text = "hours since creation"
	f.Y.Max = 105
	c.shadeThrottled(f)
	if c.measured {
		f.Line("measured", wanted, thick(plotting.Blue), plotting.Sky)
	} else {
		f.Line("got", got, thick(plotting.Blue), plotting.Sky)
		f.Line("wanted", wanted, thin(plotting.Orange), nil)
	}
	f.Level(fmt.Sprintf("baseline %g %%", t.BaselinePercent), t.BaselinePercent, plotting.Dashed(plotting.Grey))
	return f
}

// shadeThrottled shades the times that were spent at the baseline.
func (c *course) shadeThrottled(f *plotting.Figure) {
	f.Shade("throttled", c.throttledSpans(), plotting.Rose)
}

func thick(c color.Color) vgdraw.LineStyle { return plotting.Solid(c, vg.Points(1.8)) }

func thin(c color.Color) vgdraw.LineStyle { return plotting.Solid(c, vg.Points(1.3)) }
