package plotting

import (
	"errors"
	"image/color"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/plotter"
	"gonum.org/v1/plot/vg"
	vgdraw "gonum.org/v1/plot/vg/draw"
)

// Figure is a plot with its legend outside of it. It keeps its errors for the Stack
// that it is drawn in.
type Figure struct {
	*plot.Plot
	legend plot.Legend
	height vg.Length
	err    error
}

// NewFigure returns a figure over the hours from 0 to an end, and over values from 0.
// The height is all that it takes of an image.
func NewFigure(y string, height vg.Length, end float64) *Figure {
	f := &Figure{Plot: plot.New(), legend: plot.NewLegend(), height: height}
	f.Y.Label.Text = y
	f.X.Min, f.X.Max, f.Y.Min = 0, end, 0
	f.X.Padding, f.Y.Padding = 0, 0
	f.X.Tick.Marker = plot.TickerFunc(hourTicks)
	f.Title.Padding = vg.Points(6)
	f.legend.Top, f.legend.Left = true, true
	f.legend.Padding = vg.Points(3)
	for _, style := range []*vgdraw.TextStyle{
		&f.Title.TextStyle, &f.X.Label.TextStyle, &f.Y.Label.TextStyle, &f.X.Tick.Label, &f.Y.Tick.Label, &f.legend.TextStyle,
	} {
		style.Font.Variant = "Sans"
	}
	f.Add(plotter.NewGrid())
	return f
}

// Line adds a line from point to point, with what is below it filled unless fill is
// nil.
func (f *Figure) Line(name string, points plotter.XYs, style vgdraw.LineStyle, fill color.Color) {
	f.line(name, points, plotter.NoStep, style, fill)
}

// Steps adds a line that holds each value until the next point, with what is below it
// filled unless fill is nil.
func (f *Figure) Steps(name string, points plotter.XYs, style vgdraw.LineStyle, fill color.Color) {
	f.line(name, points, plotter.PostStep, style, fill)
}

func (f *Figure) line(name string, points plotter.XYs, steps plotter.StepKind, style vgdraw.LineStyle, fill color.Color) {
	line, err := plotter.NewLine(points)
	if err != nil {
		f.err = errors.Join(f.err, err)
		return
	}
	line.StepStyle, line.LineStyle, line.FillColor = steps, style, fill
	f.Add(line)
	f.legend.Add(name, line)
}

// Level adds a line from side to side.
func (f *Figure) Level(name string, y float64, style vgdraw.LineStyle) {
	f.Line(name, plotter.XYs{{X: f.X.Min, Y: y}, {X: f.X.Max, Y: y}}, style, nil)
}

// Shade colours spans of hours, from one to another, as high as the figure is so far.
func (f *Figure) Shade(name string, spans [][2]float64, c color.Color) {
	for i, s := range spans {
		top := f.Y.Max
		area, err := plotter.NewPolygon(plotter.XYs{{X: s[0]}, {X: s[1]}, {X: s[1], Y: top}, {X: s[0], Y: top}})
		if err != nil {
			f.err = errors.Join(f.err, err)
			return
		}
		area.Color, area.LineStyle.Width = c, 0
		f.Add(area)
		if i == 0 {
			f.legend.Add(name, area)
		}
	}
}
