package retention

import (
	"fmt"
	"regexp"
	"time"

	"knative.dev/serving/pkg/apis/autoscaling"
)

// Key is the annotation of the Revision and of its PodAutoscaler.
const Key = autoscaling.ScaleToZeroPodRetentionPeriodKey

// Hold is how long a closed gate keeps the last standard pod. It is twice the time
// that a reserve may take to start, and a sixth of the most that Knative takes
// (pkg/apis/autoscaling, WindowMax).
const Hold = 10 * time.Minute

// closed is the form of a closed gate: a sum of durations, as Go and Knative read
// them, with the user's own behind a zero. "570s0h30s" is ten minutes, of which 30
// seconds are the user's; "600s0h" is ten minutes and the user has none.
var closed = regexp.MustCompile(`^[0-9]+s0h(.*)$`)

// IsClosed reports whether an annotation's value is that of a closed gate.
func IsClosed(value string) bool { return closed.MatchString(value) }

// Own is the user's own value; "" if there is none.
func Own(value string) string {
	if m := closed.FindStringSubmatch(value); m != nil {
		return m[1]
	}
	return value
}

// Close is the value of a closed gate for any value of the annotation. A period of
// the user's that is as long needs no gate, and stays as it is. One that is no
// duration, which Knative ignores, is dropped.
func Close(value string) string {
	if Holds(value) {
		return value
	}
	own := Own(value)
	period, err := time.ParseDuration(own)
	if err != nil {
		own, period = "", 0
	}
	seconds := (Hold - period + time.Second - 1) / time.Second
	out := fmt.Sprintf("%ds0h%s", seconds, own)
	if !Holds(out) { // with a sign, which is for the front only
		out = fmt.Sprintf("%ds0h%s", seconds, period)
	}
	return out
}

// Holds reports whether a value keeps the last pod for as long as a closed gate.
func Holds(value string) bool {
	period, err := time.ParseDuration(value)
	return err == nil && period >= Hold
}
