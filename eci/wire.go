package eci

import (
	"encoding/json"
	"math"
	"strconv"
	"strings"
	"time"
)

// The service is loose with JSON types: numbers and flags come as strings at
// times, times come empty or without seconds. These types read all forms;
// what cannot be read is zero, because one odd field must not hide a group.

// num is a number, or a string with one.
type num float64

func (n *num) UnmarshalJSON(b []byte) error {
	v, err := strconv.ParseFloat(strings.Trim(string(b), `"`), 64)
	if err != nil || math.IsNaN(v) || math.IsInf(v, 0) {
		v = 0
	}
	*n = num(v)
	return nil
}

// count is an unsigned counter, which as a float would lose its low digits.
type count uint64

func (c *count) UnmarshalJSON(b []byte) error {
	text := strings.Trim(string(b), `"`)
	if v, err := strconv.ParseUint(text, 10, 64); err == nil {
		*c = count(v)
		return nil
	}
	v, err := strconv.ParseFloat(text, 64)
	if err != nil || v < 0 || v >= math.MaxUint64 {
		v = 0
	}
	*c = count(v)
	return nil
}

// truth is a flag, or a string with one.
type truth bool

func (t *truth) UnmarshalJSON(b []byte) error {
	v, err := strconv.ParseBool(strings.Trim(string(b), `"`))
	*t = truth(err == nil && v)
	return nil
}

// stamp is a time in UTC, with or without seconds.
type stamp struct{ time.Time }

func (s *stamp) UnmarshalJSON(b []byte) error {
	var text string
	if json.Unmarshal(b, &text) != nil {
		text = ""
	}
	s.Time = parseTime(text)
	return nil
}

func parseTime(text string) time.Time {
	for _, layout := range []string{time.RFC3339Nano, "2006-01-02T15:04Z07:00", "2006-01-02 15:04:05"} {
		if t, err := time.Parse(layout, text); err == nil {
			return t.UTC()
		}
	}
	return time.Time{}
}
