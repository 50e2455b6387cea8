package simulate

import (
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Arrival is one request: when it comes, from the start, and how long it takes once
// a pod has it; 0 stands for the default.
type Arrival struct {
	At    time.Duration
	Takes time.Duration
}

// Trace is the traffic of some time, in the order of its arrivals.
type Trace struct {
	Name     string
	Length   time.Duration
	Arrivals []Arrival
}

// The two forms of a trace, by their first line or their member.
const (
	rateHeader    = "minute,requests"
	arrivalHeader = "at_seconds,takes_seconds"
)

const traceForms = "want a CSV file whose first line is " + rateHeader + " (requests in each minute, from 0) or " + arrivalHeader +
	" (one request each), or a JSON object with requests_per_minute (a list of numbers) or arrivals (a list of {at, takes} in seconds)"

// maxRequests bounds a trace: more takes more memory than a simulation is worth.
const maxRequests = 5_000_000

// ReadTrace reads a trace in any form. The error names the row and the field.
func ReadTrace(name string, r io.Reader) (*Trace, error) {
	text, err := io.ReadAll(r)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	b := &builder{trace: &Trace{Name: name}, random: rand.New(rand.NewPCG(1, 1))}
	if strings.HasPrefix(strings.TrimSpace(string(text)), "{") {
		err = b.json(text)
	} else {
		err = b.csv(string(text))
	}
	if err != nil {
		return nil, fmt.Errorf("%s: %w; %s", name, err, traceForms)
	}
	slices.SortFunc(b.trace.Arrivals, func(x, y Arrival) int { return int(x.At - y.At) })
	return b.trace, nil
}

// builder collects the arrivals of a trace.
type builder struct {
	trace  *Trace
	random *rand.Rand
}

// minute adds so many requests, anywhere in a minute.
func (b *builder) minute(n int, requests float64) error {
	if n < 0 || n >= maxSeconds/60 || !(requests >= 0) || float64(len(b.trace.Arrivals))+requests > maxRequests {
		return fmt.Errorf("minute %d with %g requests: want a minute from 0 to %d, 0 or more requests, and at most %d in all", n, requests, maxSeconds/60-1, maxRequests)
	}
	count := int(requests)
	if b.random.Float64() < requests-float64(count) {
		count++
	}
	for range count {
		at := time.Duration(n)*time.Minute + time.Duration(b.random.Int64N(int64(time.Minute)))
		b.trace.Arrivals = append(b.trace.Arrivals, Arrival{At: at})
	}
	b.trace.Length = max(b.trace.Length, time.Duration(n+1)*time.Minute)
	return nil
}

// maxSeconds is a month: more is no day of traffic.
const maxSeconds = 31 * 24 * 3600

func (b *builder) arrival(at, takes float64) error {
	if !(at >= 0 && at <= maxSeconds) || !(takes >= 0 && takes <= 3600) || len(b.trace.Arrivals) >= maxRequests {
		return fmt.Errorf("a request at %g s that takes %g s: want 0 to %d and 0 to 3600, and at most %d requests", at, takes, maxSeconds, maxRequests)
	}
	a := Arrival{At: seconds(at), Takes: seconds(takes)}
	b.trace.Arrivals = append(b.trace.Arrivals, a)
	b.trace.Length = max(b.trace.Length, (a.At + time.Minute).Truncate(time.Minute))
	return nil
}

func seconds(s float64) time.Duration { return time.Duration(s * float64(time.Second)) }

func (b *builder) csv(text string) error {
	reader := csv.NewReader(strings.NewReader(text))
	reader.Comment, reader.TrimLeadingSpace, reader.FieldsPerRecord = '#', true, 2
	rows, err := reader.ReadAll()
	if err != nil {
		return err
	}
	if len(rows) < 2 {
		return errors.New("it has no rows")
	}
	header := strings.Join(rows[0], ",")
	for i, row := range rows[1:] {
		x, err1 := strconv.ParseFloat(row[0], 64)
		y, err2 := strconv.ParseFloat(row[1], 64)
		err := errors.Join(err1, err2)
		switch {
		case err != nil:
		case header == rateHeader && x == float64(int(x)):
			err = b.minute(int(x), y)
		case header == arrivalHeader:
			err = b.arrival(x, y)
		default:
			err = fmt.Errorf("first line is %q, this one begins with %s", header, row[0])
		}
		if err != nil {
			return fmt.Errorf("row %d: %w", i+1, err)
		}
	}
	return nil
}

func (b *builder) json(text []byte) error {
	var in struct {
		RequestsPerMinute []float64 `json:"requests_per_minute"`
		Arrivals          []struct {
			At    float64 `json:"at"`
			Takes float64 `json:"takes"`
		} `json:"arrivals"`
	}
	if err := json.Unmarshal(text, &in); err != nil {
		return err
	}
	if len(in.RequestsPerMinute)+len(in.Arrivals) == 0 {
		return errors.New("it has neither")
	}
	for i, n := range in.RequestsPerMinute {
		if err := b.minute(i, n); err != nil {
			return err
		}
	}
	for i, a := range in.Arrivals {
		if err := b.arrival(a.At, a.Takes); err != nil {
			return fmt.Errorf("arrival %d: %w", i+1, err)
		}
	}
	return nil
}
