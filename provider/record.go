package provider

import (
	"time"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/types"

	"github.com/ebb-node/ebb/eci"
)

// record is what is known of one pod and its container group. It is copied
// out of the registry; what its pointers lead to is never changed.
type record struct {
	uid types.UID

	// pod is the object as it was seen last; nil for a group whose pod was
	// never seen.
	pod *corev1.Pod
	// gone says that the pod object is known to exist no more.
	gone bool

	// groupID is the container group of the pod; "" while there is none.
	groupID string
	// requestID is that of the call that made the group, if this process made
	// it.
	requestID string
	// group is what the cloud told last; nil until it did.
	group *eci.Group
	// vanished says that the cloud knows the group no more.
	vanished bool

	attempt int // number in the client token and tags of the group, or of the next create
	spec    int // which of the plan's alternatives is due
	// impossible are the alternatives that ECI can never have.
	impossible []string
	failFast   bool // the plan's strategy, once there was a plan
	creating   bool
	pending    *pending // the create whose fate is open
	wait       *waiting // why there is no group yet
	tries      int      // refusals in a row, over all attempts

	// surplus are groups of the pod that are to be deleted: those that were
	// replaced, and twins. ignored are those and the ones already deleted.
	surplus []string
	ignored []string

	stop         stopLevel
	stopFailures int       // in a row
	askedAt      time.Time // when the cloud was last asked to end the group, or whether it did
	cut          bool      // the deletion of the pod object was accepted

	// shown is the status that was reported last.
	shown *corev1.PodStatus
	// mirrored counts the group's events that are on the pod, by reason and
	// message. Those from before adoptedAt were put there by a predecessor.
	mirrored  map[string]int32
	adoptedAt time.Time
	// orphanSince is when the group was first seen without its pod.
	orphanSince time.Time
}

// waiting is why a pod has no group yet.
type waiting struct {
	reason   string
	code     string // the cloud's own, where stock is the cause
	message  string
	failures int // in a row
	// final says that no try is left: the pod has to be replaced.
	final bool
	// fail makes the pod Failed rather than Pending.
	fail bool
}

// stopLevel is how far a group's deletion went.
type stopLevel int

const (
	stopNone stopLevel = iota
	stopGraceful
	stopForced
)

// deleting reports whether the pod object is marked for deletion.
func (r *record) deleting() bool {
	return r.pod != nil && r.pod.DeletionTimestamp != nil
}

// finished reports whether the pod object says that the pod has ended.
func (r *record) finished() bool {
	return r.pod != nil && (r.pod.Status.Phase == corev1.PodSucceeded || r.pod.Status.Phase == corev1.PodFailed)
}

// stopped reports whether nothing of the group runs any more.
func (r *record) stopped() bool {
	if r.vanished {
		return true
	}
	return r.group != nil && (r.group.Status.Final() || allTerminated(r.group))
}

// allTerminated is true for a group whose containers have all ended while its
// deletion is under way. Outside of a deletion a restart may follow.
func allTerminated(g *eci.Group) bool {
	if g.Status != eci.StatusTerminating || len(g.Containers) == 0 {
		return false
	}
	for i := range g.Containers {
		if g.Containers[i].Current.State != "Terminated" {
			return false
		}
	}
	return true
}

// ran reports whether containers of the pod may have done work.
func (r *record) ran() bool {
	if r.group != nil {
		switch r.group.Status {
		case eci.StatusScheduling, eci.StatusScheduleFailed, eci.StatusPending:
			return false
		}
		return true
	}
	return r.pod != nil && r.pod.Status.Phase == corev1.PodRunning
}

// lost reports whether the pod's group ended before it ran anything, so that
// another one can take its place.
func (r *record) lost() bool {
	if r.groupID == "" || r.stop != stopNone || r.finished() || r.ran() {
		return false
	}
	return r.vanished || r.group != nil && r.group.Status == eci.StatusScheduleFailed
}

// wantsGroup reports whether a container group should be made for the pod.
func (r *record) wantsGroup() bool {
	return r.pod != nil && !r.gone && !r.deleting() && !r.finished() && r.groupID == "" &&
		(r.wait == nil || !r.wait.final)
}
