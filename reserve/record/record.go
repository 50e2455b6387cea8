package record

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/ebb-node/ebb/reserve/cost"
	"github.com/ebb-node/ebb/reserve/decide"
)

// Annotations of the reserve Deployment.
const (
	// AnnotationState is the state and since when:
	// "Reserved,since=2026-03-01T10:00:00Z".
	AnnotationState = "ebb-node.github.io/reserve-state"
	// AnnotationFailure is why there was no reserve to be had, how often in a row
	// and when last: "NoStock,count=2,at=2026-03-01T10:00:00Z".
	AnnotationFailure = "ebb-node.github.io/reserve-failure"
	// AnnotationCost is the account, as package cost writes it.
	AnnotationCost = "ebb-node.github.io/reserve-cost"
)

// Record is what the annotations say.
type Record struct {
	Memory  decide.Memory
	Account cost.Account
}

// Write is a record as annotations; an absent value is to be removed.
func Write(r Record) map[string]string {
	out := map[string]string{
		AnnotationState: fmt.Sprintf("%s,since=%s", r.Memory.State, stamp(r.Memory.Since)),
		AnnotationCost:  r.Account.String(),
	}
	if f := r.Memory.Failure; f.Count > 0 {
		out[AnnotationFailure] = fmt.Sprintf("%s,count=%d,at=%s", f.Reason, f.Count, stamp(f.At))
	}
	return out
}

// Keys are those of all annotations of a record.
func Keys() []string { return []string{AnnotationState, AnnotationFailure, AnnotationCost} }

// Read is the record that annotations hold. The error names what cannot be read;
// the rest is in the record all the same.
func Read(annotations map[string]string) (Record, error) {
	var r Record
	var errs []error
	for key, read := range map[string]func(string, *Record) error{
		AnnotationState: readState, AnnotationFailure: readFailure, AnnotationCost: readCost,
	} {
		text, ok := annotations[key]
		if !ok {
			continue
		}
		if err := read(text, &r); err != nil {
			errs = append(errs, fmt.Errorf("annotation %s: %w", key, err))
		}
	}
	return r, errors.Join(errs...)
}

func readState(text string, r *Record) error {
	name, rest, _ := strings.Cut(text, ",")
	state, err := decide.ParseState(name)
	if err != nil {
		return err
	}
	since, err := parseStamp(strings.TrimPrefix(rest, "since="))
	if err != nil {
		return err
	}
	r.Memory.State, r.Memory.Since = state, since
	return nil
}

func readFailure(text string, r *Record) error {
	parts := strings.Split(text, ",")
	if len(parts) != 3 {
		return fmt.Errorf("%q is not of the form reason,count=1,at=2026-01-02T15:04:05Z", text)
	}
	count, err := strconv.Atoi(strings.TrimPrefix(parts[1], "count="))
	if err != nil || count < 1 {
		return fmt.Errorf("%q is not a count of 1 or more", parts[1])
	}
	at, err := parseStamp(strings.TrimPrefix(parts[2], "at="))
	if err != nil {
		return err
	}
	r.Memory.Failure = decide.Failure{Reason: parts[0], Count: count, At: at}
	return nil
}

func readCost(text string, r *Record) error {
	account, err := cost.Parse(text)
	if err == nil {
		r.Account = account
	}
	return err
}

// stamp has fractions of a second, since pods are told apart by their age.
func stamp(t time.Time) string { return t.UTC().Format(time.RFC3339Nano) }

func parseStamp(text string) (time.Time, error) { return time.Parse(time.RFC3339Nano, text) }
