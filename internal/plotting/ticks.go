package plotting

import (
	"strconv"

	"gonum.org/v1/plot"
)

// tickSteps are the hours from one mark to the next: quarters of an hour, hours, days
// and weeks.
var tickSteps = []float64{0.25, 0.5, 1, 2, 3, 6, 12, 24, 48, 7 * 24, 14 * 24, 28 * 24, 56 * 24}

// hourTicks marks round times, at most a dozen steps of them up to almost two years.
func hourTicks(from, to float64) []plot.Tick {
	const most = 12
	step := tickSteps[0]
	for _, next := range tickSteps[1:] {
		if (to-from)/step <= most {
			break
		}
		step = next
	}
	var ticks []plot.Tick
	for v := from; v <= to; v += step {
		ticks = append(ticks, plot.Tick{Value: v, Label: strconv.FormatFloat(v, 'f', -1, 64)})
	}
	return ticks
}
