package instancespecs

import (
	"fmt"
	"strconv"
	"strings"
)

// ledgerReader reads the fields of a ledger's text one after the other and
// keeps the first error.
type ledgerReader struct {
	names, values []string
	next          int
	err           error
}

func (r *ledgerReader) take() (name, value string) {
	name, value = r.names[r.next], r.values[r.next]
	r.next++
	return name, value
}

func (r *ledgerReader) fail(name, problem string) {
	if r.err == nil {
		value := ""
		for i, n := range r.names {
			if n == name {
				value = r.values[i]
			}
		}
		r.err = fmt.Errorf("credit ledger: field %s: %q %s", name, value, problem)
	}
}

func (r *ledgerReader) burstable(c *Catalogue) InstanceType {
	name, value := r.take()
	t, ok := c.Lookup(value)
	if !ok {
		r.fail(name, "is not in the catalogue")
	} else if !t.Burstable {
		r.fail(name, "is not burstable")
	}
	return t
}

func (r *ledgerReader) mode() Mode {
	name, value := r.take()
	m, err := ParseMode(value)
	if err != nil {
		r.fail(name, "is not Standard or Unlimited")
	}
	return m
}

func (r *ledgerReader) time() int64 {
	name, value := r.take()
	v, err := strconv.ParseInt(value, 10, 64)
	if err != nil {
		r.fail(name, "is not a number of milliseconds")
	}
	return v
}

func (r *ledgerReader) counter() uint64 {
	name, value := r.take()
	v, err := strconv.ParseUint(value, 10, 64)
	if err != nil {
		r.fail(name, "is not a number of nanoseconds")
	}
	return v
}

func (r *ledgerReader) credits() float64 {
	name, value := r.take()
	v, err := strconv.ParseFloat(value, 64)
	if err != nil || !(v >= 0 && v < 1e15) {
		r.fail(name, "is not a number of credits of 0 or more")
	}
	return v
}

// ParseMode reads a mode as ECS writes it in CreditSpecification, in any case.
// The error quotes the value.
func ParseMode(value string) (Mode, error) {
	for _, m := range []Mode{Standard, Unlimited} {
		if strings.EqualFold(value, m.String()) {
			return m, nil
		}
	}
	return Standard, fmt.Errorf("credit mode %q: want %s or %s", value, Standard, Unlimited)
}
