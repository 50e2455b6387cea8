package reserve_test

import (
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"
)

// history is what facts of the cluster were, and since when. A fact has a name,
// such as "coffee-00001-deployment/replicas", and a value as text.
type history struct {
	mu     sync.Mutex
	facts  map[string][]moment        // in the order of time
	groups map[string]map[string]bool // pods by name
}

// moment is when a fact came to have a value.
type moment struct {
	at    time.Time
	value string
}

// set notes a value if it is another one than before.
func (h *history) set(fact, value string) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.note(fact, value)
}

func (h *history) note(fact, value string) {
	past := h.facts[fact]
	if len(past) > 0 && past[len(past)-1].value == value || len(past) == 0 && value == "" {
		return
	}
	h.facts[fact] = append(past, moment{time.Now(), value})
}

// member notes that a pod belongs to one group of a kind at most; "" is none.
func (h *history) member(pod, kind, group string) {
	h.mu.Lock()
	defer h.mu.Unlock()
	for name, pods := range h.groups {
		if name != group && strings.HasPrefix(name, kind) && pods[pod] {
			delete(pods, pod)
			h.note(name, joined(pods))
		}
	}
	if group == "" {
		return
	}
	if h.groups[group] == nil {
		h.groups[group] = map[string]bool{}
	}
	h.groups[group][pod] = true
	h.note(group, joined(h.groups[group]))
}

// now is a fact's value; "" if there is none.
func (h *history) now(fact string) string {
	h.mu.Lock()
	defer h.mu.Unlock()
	past := h.facts[fact]
	if len(past) == 0 {
		return ""
	}
	return past[len(past)-1].value
}

// since are the values that a fact came to have at a time or later.
func (h *history) since(fact string, from time.Time) []moment {
	h.mu.Lock()
	defer h.mu.Unlock()
	past := h.facts[fact]
	for i, m := range past {
		if !m.at.Before(from) {
			return append([]moment(nil), past[i:]...)
		}
	}
	return nil
}

// story is all that has happened to a revision since a time, for people.
func story(revision string, from time.Time) []string {
	seen.mu.Lock()
	defer seen.mu.Unlock()
	var out []string
	for fact, past := range seen.facts {
		for _, m := range past {
			if strings.Contains(fact, revision) && !m.at.Before(from) {
				out = append(out, fmt.Sprintf("%s %s = %s", m.at.Format("15:04:05.000"), fact, m.value))
			}
		}
	}
	slices.Sort(out)
	return out
}

// empty is for how long a fact was "" after it first was not, and until now.
func (h *history) empty(fact string) time.Duration {
	h.mu.Lock()
	defer h.mu.Unlock()
	var sum time.Duration
	past := h.facts[fact]
	for i, m := range past {
		if m.value != "" {
			continue
		}
		until := time.Now()
		if i+1 < len(past) {
			until = past[i+1].at
		}
		sum += until.Sub(m.at)
	}
	return sum
}
