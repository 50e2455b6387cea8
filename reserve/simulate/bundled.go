package simulate

import (
	"bytes"
	"embed"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
)

//go:embed traces/*.csv
var bundled embed.FS

// Shapes are the names of the traces that come with ebb.
func Shapes() []string { return []string{"office-hours", "nightly-batch", "long-tail"} }

// Bundled is a trace that comes with ebb. The error names those that there are.
func Bundled(name string) (*Trace, error) {
	if !slices.Contains(Shapes(), name) {
		return nil, fmt.Errorf("%q is not one of %s", name, strings.Join(Shapes(), ", "))
	}
	text, err := bundled.ReadFile("traces/" + name + ".csv")
	if err != nil {
		return nil, err
	}
	return ReadTrace(name, bytes.NewReader(text))
}

const dayMinutes = 24 * 60

// rates are the requests in each minute of a day of each shape: from these the
// bundled traces were made.
var rates = map[string]func(minute int, random *rand.Rand) float64{
	// A desk application: busy from eight to six with a dip at noon, now and then
	// somebody late.
	"office-hours": func(m int, random *rand.Rand) float64 {
		hour := float64(m) / 60
		if hour < 8 || hour >= 18 {
			return seldom(random, 0.01)
		}
		wave := math.Sin((hour - 8) / 10 * math.Pi)
		dip := 1 - 0.6*math.Exp(-(hour-12.5)*(hour-12.5)/0.2)
		return math.Round(120 * wave * dip * (0.7 + 0.6*random.Float64()))
	},
	// A report that runs at two in the morning, and a check every half hour.
	"nightly-batch": func(m int, random *rand.Rand) float64 {
		switch {
		case m >= 120 && m < 150:
			return math.Round(600 * (0.8 + 0.4*random.Float64()))
		case m%30 == 7:
			return 1
		}
		return 0
	},
	// One of many small services: a few requests, at any time.
	"long-tail": func(_ int, random *rand.Rand) float64 { return 3 * seldom(random, 0.03) },
}

func seldom(random *rand.Rand, probability float64) float64 {
	if random.Float64() < probability {
		return 1
	}
	return 0
}

// generate is the text of a bundled trace.
func generate(shape string) string {
	random := rand.New(rand.NewPCG(7, 7))
	var b strings.Builder
	fmt.Fprintf(&b, "# A day of the shape %s, made by bundled.go.\n%s\n", shape, rateHeader)
	for m := range dayMinutes {
		if n := rates[shape](m, random); n > 0 || m == dayMinutes-1 {
			fmt.Fprintf(&b, "%d,%g\n", m, n)
		}
	}
	return b.String()
}
