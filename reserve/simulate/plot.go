package simulate

import (
	"image/color"
	"io"

	"gonum.org/v1/plot/plotter"
	"gonum.org/v1/plot/vg"

	"github.com/ebb-node/ebb/internal/plotting"
)

const (
	trafficHeight = 2.1 * vg.Inch // with the title
	podHeight     = 1.6 * vg.Inch
	legendWidth   = 1.3 * vg.Inch
)

// Plot writes an SVG image of the strategies: the traffic above, and the pods of
// each strategy below it, over the same hours.
func Plot(w io.Writer, t *Trace, results []*Result) error {
	stack := plotting.Stack{Figures: []*plotting.Figure{trafficFigure(t, results[0])}, Legend: legendWidth}
	for _, r := range results {
		stack.Figures = append(stack.Figures, podFigure(r))
	}
	stack.Figures[len(results)].X.Label.Text = "hours"
	return stack.WriteSVG(w)
}

func trafficFigure(t *Trace, r *Result) *plotting.Figure {
	f := newFigure("requests a minute", trafficHeight, r)
	f.Title.Text = t.Name
	steps(f, "requests", r, func(x Point) int { return x.Requests }, plotting.Grey, nil)
	return f
}

// podFigure shows pods: standard ones on top of those of the reserve.
func podFigure(r *Result) *plotting.Figure {
	f := newFigure(string(r.Strategy), podHeight, r)
	steps(f, "standard", r, func(x Point) int { return x.Reserve + x.Standard }, plotting.Blue, plotting.Sky)
	if r.Strategy == WithReserve {
		steps(f, "reserve", r, func(x Point) int { return x.Reserve }, plotting.Orange, plotting.Peach)
	}
	f.Y.Max++
	return f
}

func newFigure(y string, height vg.Length, r *Result) *plotting.Figure {
	return plotting.NewFigure(y, height, r.Points[len(r.Points)-1].At.Hours())
}

// steps adds a stepped line, with what is below it filled unless fill is nil.
func steps(f *plotting.Figure, name string, r *Result, value func(Point) int, c, fill color.Color) {
	points := make(plotter.XYs, len(r.Points))
	for i, x := range r.Points {
		points[i] = plotter.XY{X: x.At.Hours(), Y: float64(value(x))}
	}
	f.Steps(name, points, plotting.Solid(c, vg.Points(1)), fill)
}
