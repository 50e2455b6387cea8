package cli

import (
	"errors"
	"fmt"
	"image/color"
	"io"

	"gonum.org/v1/plot/vg"
	vgdraw "gonum.org/v1/plot/vg/draw"
	"gonum.org/v1/plot/vg/vgimg"
)

// The image: large enough for a slide, small enough for a chat.
const (
	imageWidth  = 10 * vg.Inch
	imageHeight = 6.5 * vg.Inch
	imageDPI    = 120
	margin      = 0.12 * vg.Inch
	lowerHeight = 2.4 * vg.Inch
	legendWidth = 1.85 * vg.Inch
)

// Colours that stay apart for the colour-blind and in grey.
var (
	blue   = color.RGBA{R: 0x1f, G: 0x5f, B: 0xa8, A: 0xff}
	sky    = color.RGBA{R: 0xc9, G: 0xdf, B: 0xf2, A: 0xff}
	orange = color.RGBA{R: 0xd9, G: 0x6b, B: 0x0b, A: 0xff}
	purple = color.RGBA{R: 0x7b, G: 0x2d, B: 0x8e, A: 0xff}
	red    = color.RGBA{R: 0xb0, G: 0x1e, B: 0x23, A: 0xff}
	grey   = color.RGBA{R: 0x70, G: 0x70, B: 0x70, A: 0xff}
	rose   = color.RGBA{R: 0xf8, G: 0xd7, B: 0xd3, A: 0xff}
)

// draw writes the course of the credits as a PNG image: the balance above, the
// use of the vCPUs below, with the same time axis, and a legend beside each.
func draw(w io.Writer, c *course) error {
	balance, use := c.balanceFigure(), c.useFigure()
	if err := errors.Join(balance.err, use.err); err != nil {
		return err
	}
	image := vgimg.NewWith(vgimg.UseWH(imageWidth, imageHeight), vgimg.UseDPI(imageDPI))
	canvas := vgdraw.New(image)
	upper := vgdraw.Crop(canvas, margin, -legendWidth, lowerHeight, -margin)
	lower := vgdraw.Crop(canvas, margin, -legendWidth, margin, lowerHeight-imageHeight)
	left := max(balance.left(upper), use.left(lower)) // the wider axis, for both
	balance.draw(upper, left)
	use.draw(lower, left)
	_, err := vgimg.PngCanvas{Canvas: image}.WriteTo(w)
	return err
}

func (c *course) balanceFigure() *figure {
	t := c.ledger.Type()
	f := newFigure("credits", c.end())
	f.plot.Title.Text = fmt.Sprintf("CPU credits of %s, mode %s", t, c.ledger.Mode())
	f.plot.Title.Padding = vg.Points(6)
	total := c.line(func(m moment) float64 { return m.balance.Total() })
	overdrawn := c.line(func(m moment) float64 { return m.balance.Overdrawn })
	f.plot.Y.Min, f.plot.Y.Max = 0, 1.05*max(t.MaxBalance+t.InitialCredits, highest(overdrawn))
	low := !c.nearCap()
	if low { // with the cap in sight the line would lie on the axis
		f.plot.Y.Max = 1.2 * highest(total)
	}
	f.throttled(c)
	f.line("total", total, vgdraw.LineStyle{Color: blue, Width: vg.Points(1.8)}, sky)
	f.line("initial, left", c.line(func(m moment) float64 { return m.balance.Initial }), thin(orange), nil)
	if !low {
		f.line(fmt.Sprintf("cap %g", t.MaxBalance), level(c.end(), t.MaxBalance), dashed(grey), nil)
	}
	if !c.standard() {
		f.line("advance, owed", c.line(func(m moment) float64 { return m.balance.Owed }), thin(purple), nil)
		f.line("overdrawn, billed", overdrawn, thin(red), nil)
	}
	return f
}

func (c *course) useFigure() *figure {
	t := c.ledger.Type()
	f := newFigure("use of all vCPUs, %", c.end())
	wanted, got := c.uses()
	f.plot.X.Label.Text = "hours since creation"
	f.plot.Y.Min, f.plot.Y.Max = 0, 105
	f.throttled(c)
	thick := vgdraw.LineStyle{Color: blue, Width: vg.Points(1.8)}
	if c.measured {
		f.line("measured", wanted, thick, sky)
	} else {
		f.line("got", got, thick, sky)
		f.line("wanted", wanted, thin(orange), nil)
	}
	f.line(fmt.Sprintf("baseline %g %%", t.BaselinePercent), level(c.end(), t.BaselinePercent), dashed(grey), nil)
	return f
}
