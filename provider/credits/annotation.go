package credits

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/ebb-node/ebb/instancespecs"
)

// Annotations on burstable pods.
const (
	// AnnotationCredits is for people and tools:
	// "balance=12.5,cap=288,level=low,at=2026-03-01T10:00:00Z".
	AnnotationCredits = "ebb-node.github.io/cpu-credits"
	// AnnotationLedger is the state that the node goes on from after a restart:
	// version, container group, level and ledger, separated by semicolons.
	AnnotationLedger = "ebb-node.github.io/cpu-credit-ledger"
)

// ledgerVersion is that of AnnotationLedger; the ledger in it has its own.
const ledgerVersion = "1"

// annotations are what a pod is to carry.
func annotations(group string, level Level, l *instancespecs.Ledger) map[string]string {
	ledger, _ := l.MarshalText() // never fails
	return map[string]string{
		AnnotationCredits: fmt.Sprintf("balance=%.1f,cap=%g,level=%s,at=%s",
			l.Balance().Total(), l.Type().MaxBalance, level, l.Updated().Format(time.RFC3339)),
		AnnotationLedger: strings.Join([]string{ledgerVersion, group, level.String(), string(ledger)}, ";"),
	}
}

// restore reads the ledger and level that a pod carries, if they are those of
// its container group. The error says what cannot be read.
func restore(all map[string]string, group string, c *instancespecs.Catalogue) (*instancespecs.Ledger, Level, error) {
	text := all[AnnotationLedger]
	if text == "" {
		return nil, Enough, nil
	}
	parts := strings.SplitN(text, ";", 4)
	if len(parts) < 4 || parts[0] != ledgerVersion {
		return nil, Enough, fmt.Errorf("annotation %s: not of version %s", AnnotationLedger, ledgerVersion)
	}
	if parts[1] != group {
		return nil, Enough, nil // of a group that the pod had before
	}
	level := slices.Index(levelNames[:], parts[2])
	if level < 0 {
		return nil, Enough, fmt.Errorf("annotation %s: level %q is not one of %s",
			AnnotationLedger, parts[2], strings.Join(levelNames[:], ", "))
	}
	l, err := instancespecs.RestoreLedger(parts[3], c)
	if err != nil {
		return nil, Enough, fmt.Errorf("annotation %s: %w", AnnotationLedger, err)
	}
	return l, Level(level), nil
}
