package eci

import (
	"fmt"
	"hash/fnv"
	"time"
)

// maxEvents is how many events a group shows
// (https://help.aliyun.com/zh/eci/developer-reference/api-eci-2018-08-08-describecontainergroups).
const maxEvents = 50

// event is something that happened to a group; the same again counts up.
type event struct {
	kind    string // Normal or Warning
	reason  string
	message string
	count   int
	first   time.Time
	last    time.Time
}

func (g *group) addEvent(now time.Time, kind, reason, message string) {
	g.changed = now
	for i := range g.events {
		e := &g.events[i]
		if e.reason == reason && e.message == message {
			e.count++
			e.last = now
			return
		}
	}
	g.events = append(g.events, event{kind: kind, reason: reason, message: message, count: 1, first: now, last: now})
	if len(g.events) > maxEvents {
		g.events = g.events[1:]
	}
}

// name is stable as long as the event is.
func (e event) name(group string) string {
	h := fnv.New64a()
	fmt.Fprintf(h, "%s\x00%s\x00%d", e.reason, e.message, e.first.UnixNano())
	return fmt.Sprintf("%s.%016x", group, h.Sum64())
}
