package cli

import (
	"image/color"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/plotter"
	"gonum.org/v1/plot/vg"
	vgdraw "gonum.org/v1/plot/vg/draw"
)

// figure is a plot with its legend outside of it. It keeps the first error.
type figure struct {
	plot   *plot.Plot
	legend plot.Legend
	err    error
}

// newFigure returns a figure over the hours up to an end.
func newFigure(y string, end float64) *figure {
	f := &figure{plot: plot.New(), legend: plot.NewLegend()}
	p := f.plot
	p.Y.Label.Text = y
	p.X.Min, p.X.Max = 0, end
	p.X.Padding, p.Y.Padding = 0, 0
	p.X.Tick.Marker = hourTicks{}
	f.legend.Top, f.legend.Left = true, true
	f.legend.Padding = vg.Points(3)
	for _, font := range []*vgdraw.TextStyle{
		&p.Title.TextStyle, &p.X.Label.TextStyle, &p.Y.Label.TextStyle, &p.X.Tick.Label, &p.Y.Tick.Label, &f.legend.TextStyle,
	} {
		font.Font.Variant = "Sans"
	}
	p.Add(plotter.NewGrid())
	return f
}

// left is the width of what is left of the data.
func (f *figure) left(panel vgdraw.Canvas) vg.Length {
	return f.plot.DataCanvas(panel).Min.X - panel.Min.X
}

// draw fills a panel, with so much room left of the data, and puts the legend to
// the right of it.
func (f *figure) draw(panel vgdraw.Canvas, left vg.Length) {
	f.plot.Draw(vgdraw.Crop(panel, left-f.left(panel), 0, 0, 0))
	f.legend.Draw(vgdraw.Crop(panel, panel.Size().X+margin, legendWidth, 0, -margin))
}

// line adds a line, with what is below it filled unless fill is nil.
func (f *figure) line(name string, points plotter.XYs, style vgdraw.LineStyle, fill color.Color) {
	line, err := plotter.NewLine(points)
	if err != nil {
		f.err = err
		return
	}
	line.LineStyle, line.FillColor = style, fill
	f.plot.Add(line)
	f.legend.Add(name, line)
}

// throttled shades the times that were spent at the baseline.
func (f *figure) throttled(c *course) {
	for i, s := range c.throttledSpans() {
		top := f.plot.Y.Max
		area, err := plotter.NewPolygon(plotter.XYs{{X: s[0]}, {X: s[1]}, {X: s[1], Y: top}, {X: s[0], Y: top}})
		if err != nil {
			f.err = err
			return
		}
		area.Color, area.LineStyle.Width = rose, 0
		f.plot.Add(area)
		if i == 0 {
			f.legend.Add("throttled", area)
		}
	}
}

func thin(c color.Color) vgdraw.LineStyle {
	return vgdraw.LineStyle{Color: c, Width: vg.Points(1.3)}
}

func dashed(c color.Color) vgdraw.LineStyle {
	return vgdraw.LineStyle{Color: c, Width: vg.Points(1), Dashes: []vg.Length{vg.Points(5), vg.Points(3)}}
}

// level is a line from side to side.
func level(end, y float64) plotter.XYs { return plotter.XYs{{X: 0, Y: y}, {X: end, Y: y}} }

// hourTicks marks whole hours, or days, or quarters of an hour.
type hourTicks struct{}

// Ticks returns at most a dozen marks at round times.
func (hourTicks) Ticks(from, to float64) []plot.Tick {
	const most = 12
	step := 0.25
	for _, next := range []float64{0.5, 1, 2, 3, 6, 12, 24, 48, 7 * 24, 14 * 24, 28 * 24, 56 * 24} {
		if (to-from)/step <= most {
			break
		}
		step = next
	}
	var ticks []plot.Tick
	for v := from; v <= to; v += step {
		ticks = append(ticks, plot.Tick{Value: v, Label: number(v)})
	}
	return ticks
}
