package reserve

import (
	"fmt"
	"slices"
	"strings"
	"sync"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/types"
	servingv1 "knative.dev/serving/pkg/apis/serving/v1"

	"github.com/ebb-node/ebb/instancespecs"
	"github.com/ebb-node/ebb/reserve/decide"
	"github.com/ebb-node/ebb/reserve/settings"
	"github.com/ebb-node/ebb/reserve/shape"
)

// Reasons of events on a Revision: one for each change of state, and one for each
// trouble.
const (
	ReasonArming      = "ReserveStarting"
	ReasonReserved    = "ReserveStandsReady"
	ReasonActivating  = "ReserveAnswers"
	ReasonHandover    = "ReserveHandsOver"
	ReasonActive      = "ReserveGone"
	ReasonUnavailable = "ReserveUnavailable"
	ReasonOff         = "ReserveRemoved"
	// ReasonInvalid: the revision's annotations cannot be understood.
	ReasonInvalid = "ReserveAnnotationInvalid"
	// ReasonDearer: the reserve costs more than a standard pod.
	ReasonDearer = "ReserveDearer"

	ReasonBroken     = decide.NoteBroken
	ReasonReplaced   = decide.NoteWorn
	ReasonCreditsLow = decide.NoteCredits
	ReasonStandard   = decide.NoteStandard
	ReasonUnreported = decide.NoteUnreported
	ReasonUnheeded   = decide.NoteUnheeded
)

// told is what the owners of revisions have been told of trouble that goes on, so
// that they are told once. It is lost with the process: they are told once more.
type told struct {
	mu    sync.Mutex
	notes map[types.NamespacedName][]decide.Note
}

func newTold() *told { return &told{notes: map[types.NamespacedName][]decide.Note{}} }

// news are the notes that were not there the last time.
func (t *told) news(key types.NamespacedName, notes []decide.Note) []decide.Note {
	t.mu.Lock()
	defer t.mu.Unlock()
	before := t.notes[key]
	t.notes[key] = notes
	return slices.DeleteFunc(slices.Clone(notes), func(n decide.Note) bool { return slices.Contains(before, n) })
}

func (t *told) forget(key types.NamespacedName) {
	t.mu.Lock()
	defer t.mu.Unlock()
	delete(t.notes, key)
}

// tell sends events: of a change of state, and of trouble.
func (r *reconciler) tell(s *scene, o *decide.Observation, d *decide.Decision) {
	if d.State != o.Memory.State {
		n := turn(s, o, d)
		r.event(s, n)
		r.metrics.turned(o, d.State, r.woken(s))
	}
	notes := d.Notes
	if s.specs.Dearer {
		notes = append(notes, dearer(s.specs))
	}
	r.notify(s, notes)
}

// dearer says that the user's own choice costs more than it avoids.
func dearer(specs shape.Specs) decide.Note {
	first, _, _ := strings.Cut(specs.List, ",")
	return decide.Note{Warning: true, Reason: ReasonDearer, Message: fmt.Sprintf(
		"the reserve costs more than a standard pod: %s is %s, a standard pod %s; name a cheaper spec in annotation %s, leave it out to have no dearer one, or set min-scale to 1",
		first, hourly(specs.Price), hourly(specs.Standard), settings.AnnotationSpecs)}
}

func hourly(p *instancespecs.Price) string {
	return fmt.Sprintf("%.3f %s an hour (%s)", p.Hourly, p.Currency, p.Kind)
}

// tellOff says that a revision has no reserve, if it had one or asked in a way that
// cannot be understood.
func (r *reconciler) tellOff(s *scene, why string) {
	r.notify(s, nil)
	if s.reserve != nil && s.reserve.DeletionTimestamp.IsZero() && s.record.Memory.State != decide.Off {
		r.event(s, removed(why))
	}
}

// notify sends an event of each trouble that was not there the last time.
func (r *reconciler) notify(s *scene, notes []decide.Note) {
	if s.problem != nil {
		notes = append(notes, decide.Note{Warning: true, Reason: ReasonInvalid, Message: strings.ReplaceAll(s.problem.Error(), "\n", "; ")})
	}
	for _, n := range r.told.news(s.key(), notes) {
		r.event(s, n)
	}
}

func removed(why string) decide.Note {
	return decide.Note{Reason: ReasonOff, Message: "the revision is to have no reserve any more: " + why}
}

// turn is what is told of a change of state; nothing when a reserve Deployment is
// merely made.
func turn(s *scene, o *decide.Observation, d *decide.Decision) decide.Note {
	switch d.State {
	case decide.Off:
		return removed(o.Off)
	case decide.Arming:
		return decide.Note{Reason: ReasonArming, Message: "no traffic: a reserve pod starts" + orderOf(s)}
	case decide.Reserved:
		return decide.Note{Reason: ReasonReserved, Message: "the reserve stands ready and no standard pod runs"}
	case decide.Activating:
		return decide.Note{Reason: ReasonActivating, Message: "the reserve answers while standard pods start"}
	case decide.Handover:
		return decide.Note{Reason: ReasonHandover, Message: "standard pods serve; the reserve finishes what it has"}
	case decide.Unavailable:
		return decide.Note{Warning: true, Reason: ReasonUnavailable, Message: fmt.Sprintf(
			"no reserve is to be had: %s, %d in a row; the revision scales to zero without one, and it is tried again later", d.Failure.Reason, d.Failure.Count)}
	case decide.Active:
		if o.Memory.State != decide.Off {
			return decide.Note{Reason: ReasonActive, Message: "standard pods serve and no reserve runs"}
		}
	}
	return decide.Note{}
}

func orderOf(s *scene) string {
	switch {
	case s.specs.List == "":
		return ""
	case s.specs.Own:
		return fmt.Sprintf(", as large as a standard pod (%s, %s): no smaller one is cheaper", s.specs.List, hourly(s.specs.Price))
	}
	return ", of the first of these that is in stock: " + s.specs.List
}

// event sends a note as an event on the Revision.
func (r *reconciler) event(s *scene, n decide.Note) {
	if n.Reason == "" {
		return
	}
	kind := corev1.EventTypeNormal
	log := r.logFor(s).WithField("reason", n.Reason)
	if n.Warning {
		kind = corev1.EventTypeWarning
		log.Warn(n.Message)
	} else {
		log.Info(n.Message)
	}
	r.Recorder.Event(reference(s.revision), kind, n.Reason, n.Message)
}

// reference names a Revision for a recorder that does not know Knative's types.
func reference(revision *servingv1.Revision) *corev1.ObjectReference {
	return &corev1.ObjectReference{
		APIVersion: servingv1.SchemeGroupVersion.String(), Kind: "Revision",
		Namespace: revision.Namespace, Name: revision.Name, UID: revision.UID, ResourceVersion: revision.ResourceVersion,
	}
}
