package provider

import (
	"math/rand/v2"
	"time"
)

// pace is how soon something that failed is tried again.
type pace int

const (
	paceFast pace = iota // what passes by itself: throttling, outages, objects that are yet to come
	paceSlow             // what takes people or minutes: stock, quota, money, permission
)

// The bounds of the two paces. Fast ends at what users wait for without
// giving up; slow begins where the service's stock and quota figures may have
// changed, and both stay far below any request quota (20 creates a second,
// https://help.aliyun.com/zh/eci/developer-reference/api-eci-2018-08-08-quota).
const (
	fastFirst = time.Second
	fastMost  = time.Minute
	slowFirst = 15 * time.Second
	slowMost  = 5 * time.Minute
)

// backoff is the time to wait after so many failures in a row: doubling, with
// a fifth of it random so that pods which failed together do not return
// together.
func backoff(p pace, failures int) time.Duration {
	first, most := fastFirst, fastMost
	if p == paceSlow {
		first, most = slowFirst, slowMost
	}
	d := most
	if shift := max(failures-1, 0); shift < 16 {
		d = min(first<<shift, most)
	}
	return d - time.Duration(rand.Int64N(int64(d)/5+1))
}
