package credits

import (
	"strings"
	"testing"
	"time"

	"github.com/ebb-node/ebb/instancespecs"
)

var epoch = time.Date(2026, 3, 1, 10, 0, 0, 0, time.UTC)

func TestAnnotationsComeBack(t *testing.T) {
	l, err := instancespecs.NewLedger(typeOf(t, "ecs.t5-lc1m2.small"), instancespecs.Standard, epoch)
	if err != nil {
		t.Fatal(err)
	}
	l.Observe(instancespecs.Sample{Time: epoch.Add(time.Hour), UsageCoreNanoSeconds: 1800e9})
	written := annotations("eci-1", Low, l)
	if got, want := written[AnnotationCredits], "balance=12.0,cap=288,level=low,at=2026-03-01T11:00:00Z"; got != want {
		t.Errorf("%q, want %q", got, want)
	}
	if n := len(written[AnnotationLedger]); n > 300 {
		t.Errorf("the ledger takes %d bytes: %s", n, written[AnnotationLedger])
	}
	read, level, err := restore(written, "eci-1", catalogue(t))
	if err != nil || level != Low || read.Balance() != l.Balance() || read.Totals() != l.Totals() {
		t.Errorf("came back as %v %+v %v, was %+v", level, read, err, l)
	}
	if read, level, err := restore(written, "eci-2", catalogue(t)); read != nil || level != Enough || err != nil {
		t.Errorf("another group's ledger: %v %v %v", read, level, err)
	}
	if read, _, err := restore(nil, "eci-1", catalogue(t)); read != nil || err != nil {
		t.Errorf("no annotation: %v %v", read, err)
	}
}

func TestAnnotationsThatCannotBeRead(t *testing.T) {
	for text, names := range map[string]string{
		"2;eci-1;low;1;x":     "version 1",
		"1;eci-1":             "version 1",
		"1;eci-1;great;1;x":   `"great"`,
		"1;eci-1;low;9;x":     "credit ledger",
		"1;eci-1;low;1;broke": "credit ledger",
	} {
		l, _, err := restore(map[string]string{AnnotationLedger: text}, "eci-1", catalogue(t))
		if l != nil || err == nil || !strings.Contains(err.Error(), names) || !strings.Contains(err.Error(), AnnotationLedger) {
			t.Errorf("%q: %v, want an error that names the annotation and %s", text, err, names)
		}
	}
}
