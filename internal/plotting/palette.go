package plotting

import (
	"image/color"

	"gonum.org/v1/plot/vg"
	vgdraw "gonum.org/v1/plot/vg/draw"
)

// Colours of lines. They stay apart for the colour-blind and in grey.
var (
	Blue   = color.RGBA{R: 0x1f, G: 0x5f, B: 0xa8, A: 0xff}
	Orange = color.RGBA{R: 0xd9, G: 0x6b, B: 0x0b, A: 0xff}
	Purple = color.RGBA{R: 0x7b, G: 0x2d, B: 0x8e, A: 0xff}
	Red    = color.RGBA{R: 0xb0, G: 0x1e, B: 0x23, A: 0xff}
	Grey   = color.RGBA{R: 0x70, G: 0x70, B: 0x70, A: 0xff}
)

// Colours of areas, each a pale one of a line's: of Blue, Orange and Red.
var (
	Sky   = color.RGBA{R: 0xc9, G: 0xdf, B: 0xf2, A: 0xff}
	Peach = color.RGBA{R: 0xf8, G: 0xdd, B: 0xc2, A: 0xff}
	Rose  = color.RGBA{R: 0xf8, G: 0xd7, B: 0xd3, A: 0xff}
)

// Solid is a line of a width.
func Solid(c color.Color, width vg.Length) vgdraw.LineStyle {
	return vgdraw.LineStyle{Color: c, Width: width}
}

// Dashed is a line for a limit.
func Dashed(c color.Color) vgdraw.LineStyle {
	return vgdraw.LineStyle{Color: c, Width: vg.Points(1), Dashes: []vg.Length{vg.Points(5), vg.Points(3)}}
}
