package plotting

import (
	"errors"
	"io"

	"gonum.org/v1/plot/vg"
	vgdraw "gonum.org/v1/plot/vg/draw"
	"gonum.org/v1/plot/vg/vgimg"
	"gonum.org/v1/plot/vg/vgsvg"
)

// The image: large enough for a slide, small enough for a chat.
const (
	width  = 10 * vg.Inch
	dpi    = 120
	margin = 0.1 * vg.Inch
)

// Stack is an image: figures one below the other, of which the same hour stands in
// the same place.
type Stack struct {
	Figures []*Figure
	// Legend is the width of the legends.
	Legend vg.Length
}

// WritePNG writes the image as PNG.
func (s Stack) WritePNG(w io.Writer) error {
	image := vgimg.NewWith(vgimg.UseWH(width, s.height()), vgimg.UseDPI(dpi))
	return s.write(w, vgimg.PngCanvas{Canvas: image})
}

// WriteSVG writes the image as SVG.
func (s Stack) WriteSVG(w io.Writer) error {
	return s.write(w, vgsvg.New(width, s.height()))
}

func (s Stack) write(w io.Writer, image vg.CanvasWriterTo) error {
	if err := s.err(); err != nil {
		return err
	}
	s.draw(vgdraw.New(image))
	_, err := image.WriteTo(w)
	return err
}

func (s Stack) err() error {
	var errs []error
	for _, f := range s.Figures {
		errs = append(errs, f.err)
	}
	return errors.Join(errs...)
}

// height is that of the figures, each with a margin above it, and a margin below all.
func (s Stack) height() vg.Length {
	height := margin
	for _, f := range s.Figures {
		height += f.height
	}
	return height
}

func (s Stack) draw(c vgdraw.Canvas) {
	panels := make([]vgdraw.Canvas, len(s.Figures))
	top := vg.Length(0)
	var left vg.Length // of the data, where the axis is widest
	for i, f := range s.Figures {
		panels[i] = vgdraw.Crop(c, margin, -s.Legend, s.height()-top-f.height, -top-margin)
		top += f.height
		left = max(left, f.left(panels[i]))
	}
	for i, f := range s.Figures {
		f.draw(panels[i], left, s.Legend)
	}
}

// left is the width of what is left of the data.
func (f *Figure) left(panel vgdraw.Canvas) vg.Length {
	return f.DataCanvas(panel).Min.X - panel.Min.X
}

// draw fills a panel, with so much room left of the data, and puts the legend to the
// right of it.
func (f *Figure) draw(panel vgdraw.Canvas, left, legend vg.Length) {
	f.Draw(vgdraw.Crop(panel, left-f.left(panel), 0, 0, 0))
	f.legend.Draw(vgdraw.Crop(panel, panel.Size().X+margin, legend, 0, -margin))
}
