package decide

import "time"

// Pod is one pod of the reserve Deployment.
type Pod struct {
	Name    string
	Created time.Time
	// Attached: it carries the revision's UID, so that it gets requests once it
	// is Ready. A pod that is not attached is leaving.
	Attached   bool
	DetachedAt time.Time
	Deleting   bool

	Ready bool
	Since time.Time // of Ready, or of not being Ready
	// Counted: it carries the label by which the autoscaler counts and scrapes.
	Counted bool

	Ended         bool   // Failed or Succeeded; it never runs again
	Refused       string // why its node can have no instance for it, in a word
	Crashing      bool   // a container waits before it is started once more
	Restarted     bool   // a container has ended and was started again
	Unschedulable bool
	Outdated      bool // it has another template than the Deployment
	Expiring      bool // its instance is about to be reclaimed

	// Unread is for how long its load could not be read; 0 if it can.
	Unread time.Duration
	// Idle: no request was in flight whenever it was looked at since it was
	// detached, and often enough.
	Idle bool
	// Busy: it has had requests a moment ago.
	Busy bool
	// Asked is when the last statistics with a request were read, the oldest first.
	Asked []time.Time
	// CreditsLow: its CPU credits are nearly used up, or are.
	CreditsLow bool
}

// worn reports whether a pod that can answer should be replaced: a restart could
// be taken for a failure of the revision, and a reclaimed pod will be gone.
func (p *Pod) worn() bool { return p.Restarted || p.Expiring }

// broken says why a pod will not become Ready; "" if it is, or may.
func (p *Pod) broken(o *Observation, l Limits) string {
	age := o.Now.Sub(p.Created)
	switch {
	case p.Ready:
		return ""
	case p.Refused != "" && age >= l.Refused:
		return p.Refused
	case p.Crashing, p.Restarted && o.exposed():
		return ReasonCrashing
	case p.Unschedulable && (age >= l.Unschedulable || o.exposed()):
		return ReasonUnschedulable
	case o.Now.Sub(p.Since) >= l.Start && age >= l.Start:
		return ReasonNotReady
	}
	return ""
}

// exposed reports whether Knative may take a pod of the reserve for one of the
// standard's: it explains with any pod of the revision why none of the standard's
// is available (serving pkg/reconciler/revision/reconcile_resources.go).
func (o *Observation) exposed() bool { return o.Standard.Replicas > 0 && o.Standard.Ready == 0 }

// Why a reserve pod is given up, beside the words of its node. They are parts of
// messages, and labels.
const (
	ReasonCrashing      = "ContainerCrashing"
	ReasonUnschedulable = "Unschedulable"
	ReasonNotReady      = "NotReadyInTime"
	ReasonEnded         = "PodEnded"
	ReasonNoSpec        = "NoSpecFits"
	// ReasonRestarted: the pod that was to replace a restarted one was restarted, too.
	// Both answer, so that no more are tried for a while.
	ReasonRestarted = "ContainerRestarted"
)
