package credits

import "time"

const (
	// batch is how many groups one call tells about
	// (https://help.aliyun.com/zh/eci/developer-reference/api-eci-2018-08-08-describemulticontainergroupmetric).
	batch = 20
	// quota is how many calls of DescribeMultiContainerGroupMetric the account
	// has in a minute. The action's own page says 2000, the limits page 500:
	// https://help.aliyun.com/zh/eci/developer-reference/api-eci-2018-08-08-quota
	quota = 500
	// share is the part of the quota that sampling may use. It is a bit less
	// than a hundredth, so that a hundredth is never reached.
	share = 0.0096
	// shortest is the finest period of ECI's samples: asking more often tells
	// nothing new
	// (https://help.aliyun.com/zh/eci/developer-reference/api-eci-2018-08-08-describecontainergroupmetric).
	shortest = 15 * time.Second
	// spacing is the time between two calls that the share allows: 12.5 s.
	spacing = time.Duration(float64(time.Minute) / (quota * share))
)

// Interval is the time between two samples of the same pod when a node has so
// many burstable pods: 15 s up to 20 pods, 52 min for 5000.
func Interval(pods int) time.Duration {
	return max(shortest, time.Duration(calls(pods))*spacing)
}

// gap is the time between two calls. They are spread evenly over the interval.
func gap(pods int) time.Duration { return Interval(pods) / time.Duration(calls(pods)) }

// calls is how many calls it takes to ask about all pods once.
func calls(pods int) int { return max(1, (pods+batch-1)/batch) }
