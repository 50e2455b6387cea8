package instancespecs

import (
	"encoding"
	"fmt"
	"math"
	"strconv"
	"strings"
)

// A ledger as text is a version and its fields, separated by semicolons, small
// enough for an annotation of a pod. Credits are rounded to nine digits.
//
// Both points are written, so that a restored ledger still treats another sample
// of the latest time as the ledger would have that was written; the latest point
// is computed again.
const (
	ledgerVersion = "1"
	ledgerFields  = "version;type;mode;settled_ms;settled_ns;latest_ms;latest_ns;" +
		"initial;accrued;owed;overdrawn;earned;lost;spent;unmet;carry;rate"
	nanoCredits = 1e9
)

var (
	_ encoding.TextAppender  = (*Ledger)(nil)
	_ encoding.TextMarshaler = (*Ledger)(nil)
)

// numbers are the fields of a point that are credits, in the order of the text.
func (p *point) numbers() [10]*float64 {
	return [...]*float64{
		&p.initial, &p.accrued, &p.owed, &p.overdrawn,
		&p.earned, &p.lost, &p.spent, &p.unmet, &p.carry, &p.rate,
	}
}

// AppendText adds the ledger as text to b; RestoreLedger reads it. The error is
// always nil.
func (l *Ledger) AppendText(b []byte) ([]byte, error) {
	b = append(b, ledgerVersion+";"...)
	b = append(b, l.typ.ID...)
	b = append(append(b, ';'), l.mode.String()...)
	for _, p := range []*point{&l.settle, &l.latest} {
		b = strconv.AppendInt(append(b, ';'), p.at, 10)
		b = strconv.AppendUint(append(b, ';'), p.counter, 10)
	}
	for _, n := range l.settle.numbers() {
		rounded := math.Round(*n*nanoCredits) / nanoCredits
		b = strconv.AppendFloat(append(b, ';'), rounded, 'f', -1, 64)
	}
	return b, nil
}

// MarshalText returns the ledger as text. The error is always nil.
func (l *Ledger) MarshalText() ([]byte, error) { return l.AppendText(nil) }

// RestoreLedger reads what Ledger.AppendText wrote; the rates of the instance
// type come from the catalogue. The error names the field that is wrong; the
// caller then opens a new ledger from the creation of the container group.
func RestoreLedger(text string, c *Catalogue) (*Ledger, error) {
	names := strings.Split(ledgerFields, ";")
	values := strings.Split(text, ";")
	if values[0] != ledgerVersion {
		return nil, fmt.Errorf("credit ledger: version %q is unknown, this program reads %s", values[0], ledgerVersion)
	}
	if len(values) != len(names) {
		return nil, fmt.Errorf("credit ledger: has %d fields, want %d: %s", len(values), len(names), ledgerFields)
	}
	r := ledgerReader{names: names, values: values, next: 1}
	l := &Ledger{typ: r.burstable(c), mode: r.mode()}
	l.terms = termsOf(&l.typ, l.mode)
	l.settle.at, l.settle.counter = r.time(), r.counter()
	at, counter := r.time(), r.counter()
	for _, n := range l.settle.numbers() {
		*n = r.credits()
	}
	if at < l.settle.at {
		r.fail("latest_ms", "is before settled_ms")
	}
	if r.err != nil {
		return nil, r.err
	}
	l.settle.clamp(l.terms) // the catalogue may have been corrected since
	l.book(at, counter)
	return l, nil
}
