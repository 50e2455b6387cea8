package load

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"

	vegeta "github.com/tsenart/vegeta/v12/lib"
)

// reasonsKept are enough to see what is wrong.
const reasonsKept = 5

// Report is what came of a load.
type Report struct {
	Requests int
	// Failed are answers other than 200 and requests without one.
	Failed int
	// Reasons of the first failures, with the moment.
	Reasons []string
	// Answers counts the bodies of good answers, without space around them.
	Answers map[string]int

	latencies []time.Duration
	sorted    bool
}

func (r *Report) add(result *vegeta.Result) {
	r.Requests++
	if result.Code != http.StatusOK || result.Error != "" {
		r.Failed++
		if len(r.Reasons) < reasonsKept {
			r.Reasons = append(r.Reasons, fmt.Sprintf("%s after %s: %d %s %s", result.Timestamp.Format("15:04:05.000"),
				result.Latency.Round(time.Millisecond), result.Code, result.Error, strings.TrimSpace(string(result.Body))))
		}
		return
	}
	if r.Answers == nil {
		r.Answers = map[string]int{}
	}
	r.Answers[strings.TrimSpace(string(result.Body))]++
	r.latencies = append(r.latencies, result.Latency)
	r.sorted = false
}

// filled is how much of its target Knative lets a pod have: the default of
// container-concurrency-target-percentage (serving pkg/autoscaler/config).
const filled = 0.7

// Pods is how many pods of a target Knative starts at least for a load of some
// time, of which each request takes a time in its pod (Little's law). Where the CPU
// is short these are fewer than for what is in flight, which waits on its way then.
func (r *Report) Pods(lasted, each time.Duration, target int) int {
	atWork := float64(r.Requests) * each.Seconds() / lasted.Seconds()
	return int(atWork / (filled * float64(target)))
}

// Quantile of the good answers' latencies, such as 0.99; zero without any.
func (r *Report) Quantile(q float64) time.Duration {
	if len(r.latencies) == 0 {
		return 0
	}
	if !r.sorted {
		slices.Sort(r.latencies)
		r.sorted = true
	}
	return r.latencies[min(int(q*float64(len(r.latencies))), len(r.latencies)-1)]
}

// Share of an answer among the good ones, in percent.
func (r *Report) Share(answer string) float64 {
	if len(r.latencies) == 0 {
		return 0
	}
	return 100 * float64(r.Answers[answer]) / float64(len(r.latencies))
}

// String is the report in one line, with the first failures below it.
func (r *Report) String() string {
	line := fmt.Sprintf("%d requests, %d failed, p50 %s, p99 %s, slowest %s", r.Requests, r.Failed,
		r.Quantile(0.5).Round(time.Microsecond*100), r.Quantile(0.99).Round(time.Microsecond*100), r.Quantile(1).Round(time.Microsecond*100))
	return strings.Join(append([]string{line}, r.Reasons...), "\n")
}
