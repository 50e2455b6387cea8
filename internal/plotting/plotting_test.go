package plotting

import (
	"bytes"
	"image"
	"image/color"
	"image/png"
	"math"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"gonum.org/v1/plot/plotter"
	"gonum.org/v1/plot/vg"
)

func TestTheSameHourStandsInTheSamePlace(t *testing.T) {
	var s Stack
	for _, top := range []float64{1, 1e6} { // the second needs a wider axis
		f := NewFigure("values", 2*vg.Inch, 10)
		f.Line("seven", plotter.XYs{{X: 7}, {X: 7, Y: top}}, Solid(Red, vg.Points(1)), nil)
		s.Figures = append(s.Figures, f)
	}
	got := drawn(t, s)
	middle := got.Bounds().Dy() / 2
	first, second := column(got, Red, 0, middle), column(got, Red, middle, got.Bounds().Dy())
	if first < 0 || first != second {
		t.Errorf("hour 7 stands at pixel %d and at %d", first, second)
	}
}

func TestAnImageIsAsHighAsItsFigures(t *testing.T) {
	s := Stack{Figures: []*Figure{NewFigure("a", 2*vg.Inch, 1), NewFigure("b", 1*vg.Inch, 1)}}
	if diff := cmp.Diff(image.Pt(10*dpi, 3*dpi+dpi/10), drawn(t, s).Bounds().Size()); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestAreasAndSpansAreFilled(t *testing.T) {
	f := NewFigure("values", 2*vg.Inch, 10)
	f.Y.Max = 10
	f.Shade("shaded", [][2]float64{{1, 2}, {8, 9}}, Rose)
	f.Steps("steps", plotter.XYs{{X: 3, Y: 5}, {X: 5, Y: 1}, {X: 6, Y: 1}}, Solid(Blue, vg.Points(1)), Sky)
	f.Level("level", 9, Dashed(Grey))
	got := drawn(t, Stack{Figures: []*Figure{f}, Legend: vg.Inch})
	for name, c := range map[string]color.RGBA{"span": Rose, "area": Sky, "line": Blue, "level": Grey} {
		if x := column(got, c, 0, got.Bounds().Dy()); x < 0 || x > 9*dpi { // right of it is the legend
			t.Errorf("the %s is not drawn: found at pixel %d", name, x)
		}
	}
}

func TestPointsThatCannotBeDrawnAreAnError(t *testing.T) {
	f := NewFigure("values", vg.Inch, 1)
	f.Line("broken", plotter.XYs{{X: math.NaN()}}, Solid(Red, 1), nil)
	f.Line("whole", plotter.XYs{{}, {X: 1}}, Solid(Red, 1), nil)
	var b bytes.Buffer
	for name, write := range map[string]func() error{
		"PNG": func() error { return Stack{Figures: []*Figure{f}}.WritePNG(&b) },
		"SVG": func() error { return Stack{Figures: []*Figure{f}}.WriteSVG(&b) },
	} {
		if err := write(); err == nil || b.Len() > 0 {
			t.Errorf("%s: error %v, and %d bytes", name, err, b.Len())
		}
	}
}

func TestHourTicks(t *testing.T) {
	for _, tt := range []struct {
		to   float64
		want string
	}{
		{1, "0 0.25 0.5 0.75 1"},
		{3, "0 0.25 0.5 0.75 1 1.25 1.5 1.75 2 2.25 2.5 2.75 3"},
		{24, "0 2 4 6 8 10 12 14 16 18 20 22 24"},
		{25, "0 3 6 9 12 15 18 21 24"},
		{7 * 24, "0 24 48 72 96 120 144 168"},
		{365 * 24, "0 1344 2688 4032 5376 6720 8064"},
	} {
		var labels []string
		for _, tick := range hourTicks(0, tt.to) {
			labels = append(labels, tick.Label)
		}
		if got := strings.Join(labels, " "); got != tt.want {
			t.Errorf("%g hours: got %s, want %s", tt.to, got, tt.want)
		}
	}
}

func drawn(t *testing.T, s Stack) image.Image {
	t.Helper()
	var b bytes.Buffer
	if err := s.WritePNG(&b); err != nil {
		t.Fatal(err)
	}
	got, err := png.Decode(&b)
	if err != nil {
		t.Fatal(err)
	}
	return got
}

// column is the first with a colour, of the rows from one to another; -1 if none has
// it.
func column(m image.Image, c color.RGBA, from, to int) int {
	for x := range m.Bounds().Dx() {
		for y := from; y < to; y++ {
			if color.RGBAModel.Convert(m.At(x, y)) == c {
				return x
			}
		}
	}
	return -1
}
