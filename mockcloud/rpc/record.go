package rpc

import (
	"fmt"
	"sync"
	"time"
)

// maxRecorded bounds the memory that recorded calls take (some 100 MB at
// worst); counts go on beyond it.
const maxRecorded = 100_000

// Record is one call as it was answered. Secrets are not in it.
type Record struct {
	Product    string            `json:"product"`
	Action     string            `json:"action"`
	RequestID  string            `json:"requestId"`
	Parameters map[string]string `json:"parameters"`
	Status     int               `json:"status"`
	Code       string            `json:"code"` // empty: success
	Dropped    bool              `json:"dropped,omitempty"`
	Time       time.Time         `json:"time"`
	Duration   time.Duration     `json:"durationNanoseconds"`
}

// recorder keeps calls in the order of their end.
type recorder struct {
	mu      sync.Mutex
	records []Record
	counts  map[string]map[string]int
}

func newRecorder() *recorder { return &recorder{counts: map[string]map[string]int{}} }

func (r *recorder) add(rec Record) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if len(r.records) >= maxRecorded {
		r.records = append([]Record(nil), r.records[maxRecorded/10:]...)
	}
	r.records = append(r.records, rec)
	if r.counts[rec.Action] == nil {
		r.counts[rec.Action] = map[string]int{}
	}
	r.counts[rec.Action][rec.Code]++
}

// list answers the calls of an action, or all.
func (r *recorder) list(action string) []Record {
	r.mu.Lock()
	defer r.mu.Unlock()
	list := []Record{}
	for _, rec := range r.records {
		if action == "" || rec.Action == action {
			list = append(list, rec)
		}
	}
	return list
}

// count answers how often each action ended with each code.
func (r *recorder) count() map[string]map[string]int {
	r.mu.Lock()
	defer r.mu.Unlock()
	counts := make(map[string]map[string]int, len(r.counts))
	for action, codes := range r.counts {
		counts[action] = map[string]int{}
		for code, n := range codes {
			counts[action][code] = n
		}
	}
	return counts
}

func (r *recorder) reset() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.records = nil
	clear(r.counts)
}

// commonSecrets are the common parameters that open doors.
var commonSecrets = map[string]bool{"Signature": true, "SecurityToken": true}

// redact copies parameters; of a secret it keeps the length only.
func redact(params map[string]string, secrets map[string]bool) map[string]string {
	clean := make(map[string]string, len(params))
	for name, value := range params {
		if commonSecrets[name] || secrets[pattern(name)] {
			value = fmt.Sprintf("(%d bytes)", len(value))
		}
		clean[name] = value
	}
	return clean
}
