package simulate

import (
	"errors"
	"image/color"
	"io"
	"strconv"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/plotter"
	"gonum.org/v1/plot/vg"
	vgdraw "gonum.org/v1/plot/vg/draw"
	"gonum.org/v1/plot/vg/vgsvg"
)

// The image: the traffic above, and the pods of each strategy below it, over the
// same hours.
const (
	imageWidth  = 10 * vg.Inch
	panelHeight = 1.6 * vg.Inch
	margin      = 0.12 * vg.Inch
	legendWidth = 1.3 * vg.Inch
)

// Colours that stay apart for the colour-blind and in grey.
var (
	blue   = color.RGBA{R: 0x1f, G: 0x5f, B: 0xa8, A: 0xff}
	sky    = color.RGBA{R: 0xc9, G: 0xdf, B: 0xf2, A: 0xff}
	orange = color.RGBA{R: 0xd9, G: 0x6b, B: 0x0b, A: 0xff}
	peach  = color.RGBA{R: 0xf8, G: 0xdd, B: 0xc2, A: 0xff}
	grey   = color.RGBA{R: 0x70, G: 0x70, B: 0x70, A: 0xff}
)

// Plot writes an SVG image of the strategies.
func Plot(w io.Writer, t *Trace, results []*Result) error {
	panels := []*panel{trafficPanel(t, results[0])}
	for _, r := range results {
		panels = append(panels, podPanel(r))
	}
	panels[len(panels)-1].plot.X.Label.Text = "hours"
	height := vg.Length(len(panels))*panelHeight + margin
	image := vgsvg.New(imageWidth, height)
	canvas := vgdraw.New(image)
	for i, p := range panels {
		if p.err != nil {
			return p.err
		}
		top := vg.Length(i) * panelHeight
		p.draw(vgdraw.Crop(canvas, margin, -legendWidth, height-top-panelHeight, -top-margin))
	}
	_, err := image.WriteTo(w)
	return err
}

// panel is a plot with its legend beside it. It keeps its errors.
type panel struct {
	plot   *plot.Plot
	legend plot.Legend
	err    error
}

func newPanel(y string, r *Result) *panel {
	p := &panel{plot: plot.New(), legend: plot.NewLegend()}
	p.plot.Y.Label.Text = y
	p.plot.X.Min, p.plot.Y.Min = 0, 0
	p.plot.X.Max = r.Points[len(r.Points)-1].At.Hours()
	p.plot.X.Padding, p.plot.Y.Padding = 0, 0
	p.plot.X.Tick.Marker = plot.TickerFunc(hourTicks)
	p.legend.Top, p.legend.Left = true, true
	for _, style := range []*vgdraw.TextStyle{
		&p.plot.X.Label.TextStyle, &p.plot.Y.Label.TextStyle, &p.plot.X.Tick.Label, &p.plot.Y.Tick.Label,
		&p.plot.Title.TextStyle, &p.legend.TextStyle,
	} {
		style.Font.Variant = "Sans"
	}
	p.plot.Add(plotter.NewGrid())
	return p
}

func trafficPanel(t *Trace, r *Result) *panel {
	p := newPanel("requests a minute", r)
	p.plot.Title.Text = t.Name
	p.area("requests", r, func(x Point) int { return x.Requests }, grey, nil)
	return p
}

// podPanel shows pods: standard ones on top of those of the reserve.
func podPanel(r *Result) *panel {
	p := newPanel(string(r.Strategy), r)
	p.area("standard", r, func(x Point) int { return x.Reserve + x.Standard }, blue, sky)
	if r.Strategy == WithReserve {
		p.area("reserve", r, func(x Point) int { return x.Reserve }, orange, peach)
	}
	p.plot.Y.Max++
	return p
}

// area adds a stepped line, with what is below it filled unless fill is nil.
func (p *panel) area(name string, r *Result, value func(Point) int, c color.Color, fill color.Color) {
	points := make(plotter.XYs, len(r.Points))
	for i, x := range r.Points {
		points[i] = plotter.XY{X: x.At.Hours(), Y: float64(value(x))}
		p.plot.Y.Max = max(p.plot.Y.Max, points[i].Y)
	}
	line, err := plotter.NewLine(points)
	if err != nil {
		p.err = errors.Join(p.err, err)
		return
	}
	line.StepStyle, line.FillColor = plotter.PostStep, fill
	line.LineStyle = vgdraw.LineStyle{Color: c, Width: vg.Points(1)}
	p.plot.Add(line)
	p.legend.Add(name, line)
}

// left is the room for the axis, the same for all panels so that the hours stand
// above each other.
const left = 0.7 * vg.Inch

func (p *panel) draw(c vgdraw.Canvas) {
	own := p.plot.DataCanvas(c).Min.X - c.Min.X
	p.plot.Draw(vgdraw.Crop(c, left-own, 0, 0, 0))
	p.legend.Draw(vgdraw.Crop(c, c.Size().X+margin, legendWidth, 0, -margin))
}

// hourTicks marks at most a dozen round hours.
func hourTicks(from, to float64) []plot.Tick {
	const most = 12
	step := 0.25
	for _, next := range []float64{0.5, 1, 3, 6, 12, 24, 48, 7 * 24} {
		if (to-from)/step <= most {
			break
		}
		step = next
	}
	var ticks []plot.Tick
	for v := from; v <= to; v += step {
		ticks = append(ticks, plot.Tick{Value: v, Label: strconv.FormatFloat(v, 'g', -1, 64)})
	}
	return ticks
}
