package rpc

import (
	"fmt"
	"net/http"
	"strconv"
	"sync"
	"time"
)

// Fault is something that goes wrong on purpose. What it does is the sum of
// its members: it waits for Delay, then answers Code, or throttles, or does
// the work and drops the reply.
type Fault struct {
	ID string `json:"id"` // set when it is added

	Action string `json:"action,omitempty"` // empty: any
	// Match selects calls by parameters, all of them; a name may have N for
	// any index: {"Tag.N.Value": "x"}.
	Match map[string]string `json:"match,omitempty"`
	Skip  int               `json:"skip,omitempty"`  // matching calls to spare first
	Times int               `json:"times,omitempty"` // calls to hit; 0: until removed

	Delay    Duration `json:"delay,omitempty"`
	Status   int      `json:"status,omitempty"` // with Code; 0: 500
	Code     string   `json:"code,omitempty"`
	Message  string   `json:"message,omitempty"`
	Throttle bool     `json:"throttle,omitempty"`
	Drop     bool     `json:"drop,omitempty"` // work, then close the connection

	Hits int `json:"hits"`
}

// Duration is a time.Duration that reads and writes as "1.5s" in JSON.
type Duration time.Duration

// MarshalText implements encoding.TextMarshaler.
func (d Duration) MarshalText() ([]byte, error) { return []byte(time.Duration(d).String()), nil }

// UnmarshalText implements encoding.TextUnmarshaler.
func (d *Duration) UnmarshalText(text []byte) error {
	v, err := time.ParseDuration(string(text))
	*d = Duration(v)
	return err
}

// validate refuses a fault that would do nothing.
func (f *Fault) validate() error {
	if f.Delay <= 0 && f.Code == "" && !f.Throttle && !f.Drop {
		return fmt.Errorf("fault does nothing: give delay, code, throttle or drop")
	}
	if f.Code == "" && f.Status != 0 {
		return fmt.Errorf("fault has status %d without code: give the error code that goes with it", f.Status)
	}
	if f.Code != "" && f.Drop {
		return fmt.Errorf("fault has both code and drop: a dropped reply has no code")
	}
	return nil
}

// refusal is the error that the fault answers with, or nil.
func (f *Fault) refusal() *Error {
	switch {
	case f.Throttle:
		return Throttled()
	case f.Code == "":
		return nil
	}
	status, message := f.Status, f.Message
	if status == 0 {
		status = http.StatusInternalServerError
	}
	if message == "" {
		message = "Injected fault."
	}
	return &Error{Status: status, Code: f.Code, Message: message}
}

// faults is the list of what shall go wrong.
type faults struct {
	mu   sync.Mutex
	next int
	list []*Fault
}

func (fs *faults) add(f Fault) (Fault, error) {
	if err := f.validate(); err != nil {
		return f, err
	}
	fs.mu.Lock()
	defer fs.mu.Unlock()
	fs.next++
	f.ID, f.Hits = strconv.Itoa(fs.next), 0
	fs.list = append(fs.list, &f)
	return f, nil
}

func (fs *faults) all() []Fault {
	fs.mu.Lock()
	defer fs.mu.Unlock()
	list := make([]Fault, 0, len(fs.list))
	for _, f := range fs.list {
		list = append(list, *f)
	}
	return list
}

// remove drops one fault, or all for an empty id, and answers how many.
func (fs *faults) remove(id string) int {
	fs.mu.Lock()
	defer fs.mu.Unlock()
	var kept []*Fault
	for _, f := range fs.list {
		if id != "" && f.ID != id {
			kept = append(kept, f)
		}
	}
	removed := len(fs.list) - len(kept)
	fs.list = kept
	return removed
}

// hit answers the first fault that strikes a call. A spent fault stays in the
// list, so its hits can be read.
func (fs *faults) hit(action string, params map[string]string) (Fault, bool) {
	fs.mu.Lock()
	defer fs.mu.Unlock()
	for _, f := range fs.list {
		if f.Action != "" && f.Action != action || f.Times > 0 && f.Hits >= f.Times || !f.matches(params) {
			continue
		}
		if f.Skip > 0 {
			f.Skip--
			continue
		}
		f.Hits++
		return *f, true
	}
	return Fault{}, false
}

func (f *Fault) matches(params map[string]string) bool {
	for name, value := range f.Match {
		if !anyParameter(params, name, value) {
			return false
		}
	}
	return true
}

func anyParameter(params map[string]string, name, value string) bool {
	if got, ok := params[name]; ok {
		return got == value
	}
	for n, got := range params {
		if got == value && pattern(n) == name {
			return true
		}
	}
	return false
}
