package decide

import "time"

// Decision is what a revision and its reserve are to be like.
type Decision struct {
	State State
	// CloseGate holds the last standard pod back; otherwise the user's own
	// retention is in force.
	CloseGate bool

	// Exists is whether there is to be a reserve Deployment, and Replicas how
	// many pods it has.
	Exists   bool
	Replicas int
	// Copy takes the template over from the standard Deployment, and Choose a
	// fresh choice of specs with it.
	Copy, Choose bool

	// Detach and Delete name pods, in this order of work.
	Detach, Delete []string
	// Count names the pod that the autoscaler counts; "" for none. Pods that
	// are leaving keep their label.
	Count string

	// Start gives the standard Deployment its first pod.
	Start bool

	// Follow names the pods whose load is read.
	Follow []string

	Failure Failure // to remember
	Notes   []Note
	Again   time.Duration // until the next look, if nothing changes before; 0: none
}

// Note is something that the revision's owner should know.
type Note struct {
	Warning bool
	Reason  string
	Message string
}

// Reasons of notes: why a reserve is not as it should be. They are events on the
// revision.
const (
	// NoteBroken: a pod of the reserve was taken out.
	NoteBroken = "ReservePodBroken"
	// NoteWorn: a pod of the reserve is being replaced.
	NoteWorn = "ReservePodReplaced"
	// NoteCredits: the reserve's CPU credits are low while it is needed.
	NoteCredits = "ReserveCreditsLow"
	// NoteStandard: the revision's standard pods do not start.
	NoteStandard = "StandardPodsNotStarting"
	// NoteUnheeded: standard pods are started in the autoscaler's place.
	NoteUnheeded = "AutoscalerSilent"
	// NoteUnreported: the autoscaler cannot be told of the reserve's load, or the
	// load cannot be read.
	NoteUnreported = "ReserveLoadUnreported"
)
