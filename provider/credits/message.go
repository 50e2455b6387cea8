package credits

import (
	"fmt"
	"time"

	corev1 "k8s.io/api/core/v1"

	"github.com/ebb-node/ebb/instancespecs"
)

// Reasons of events.
const (
	ReasonLow       = "CPUCreditsLow"
	ReasonExhausted = "CPUCreditsExhausted"
	ReasonRecovered = "CPUCreditsRecovered"
)

// event is what a pod's owner is told.
type event struct{ kind, reason, message string }

// eventOf is what to tell when a level is reached; none on the way from
// exhausted to low, which is only half a recovery.
func eventOf(from, to Level, l *instancespecs.Ledger) (event, bool) {
	switch {
	case from == to || from == Exhausted && to == Low:
		return event{}, false
	case to == Low:
		return event{corev1.EventTypeWarning, ReasonLow, balance(l) + lasting(l)}, true
	case to == Exhausted:
		return event{corev1.EventTypeWarning, ReasonExhausted, balance(l) +
			fmt.Sprintf("; the pod is held at its baseline of %.3g vCPU until it uses less", baseline(l))}, true
	}
	return event{corev1.EventTypeNormal, ReasonRecovered, balance(l) + lasting(l)}, true
}

func balance(l *instancespecs.Ledger) string {
	t := l.Type()
	return fmt.Sprintf("%.1f CPU credits of at most %g are left on %s", l.Balance().Total(), t.MaxBalance, t.ID)
}

// lasting says for how long the credits are enough.
func lasting(l *instancespecs.Ledger) string {
	text := fmt.Sprintf(": %s at full speed", rounded(l.FullSpeedLeft()))
	if d, ends := l.TimeToExhaustion(l.Utilisation()); ends {
		text += fmt.Sprintf(", %s at the present %.0f %%", rounded(d), 100*l.Utilisation())
	}
	return text + fmt.Sprintf("; then %.3g vCPU", baseline(l))
}

// baseline is what the instance may always use, in vCPU.
func baseline(l *instancespecs.Ledger) float64 {
	t := l.Type()
	return t.VCPU * t.BaselinePercent / 100
}

func rounded(d time.Duration) time.Duration {
	if d > time.Minute {
		return d.Round(time.Minute)
	}
	return d.Round(time.Second)
}
