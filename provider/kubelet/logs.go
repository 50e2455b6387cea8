package kubelet

import (
	"io"
	"net/http"

	"github.com/gorilla/mux"
	corev1 "k8s.io/api/core/v1"
)

// logs serves a container's log.
func (s *Server) logs(w http.ResponseWriter, r *http.Request) error {
	vars := mux.Vars(r)
	ask, err := parseLogQuery(r.URL.Query(), s.Clock.Now())
	if err != nil {
		return err
	}
	t, err := s.target(vars["namespace"], vars["pod"], vars["container"])
	if err != nil {
		return err
	}
	if err := t.canLog(ask.options.Previous); err != nil {
		return err
	}
	if ask.follow {
		return s.follow(w, r, t, ask)
	}
	if ask.none {
		return nil
	}
	text, err := s.Cloud.Log(r.Context(), t.groupID, t.container, ask.options)
	if err != nil {
		return err
	}
	if ask.limitBytes > 0 && len(text) > ask.limitBytes {
		text = text[:ask.limitBytes]
	}
	w.Header().Set("Content-Type", "text/plain")
	_, _ = io.WriteString(w, text) // the caller has left when it fails
	return nil
}

// canLog refuses what a kubelet refuses: a container that has not run yet, or
// not before.
func (t target) canLog(previous bool) error {
	status := t.status()
	switch {
	case status == nil:
		return t.notStarted("ContainerCreating")
	case previous && status.LastTerminationState.Terminated == nil:
		return &statusError{http.StatusBadRequest,
			"previous terminated container " + t.container + " in pod " + t.pod.Name + " not found"}
	case status.State.Waiting != nil && status.LastTerminationState.Terminated == nil:
		return t.notStarted(status.State.Waiting.Reason)
	}
	return nil
}

// follow serves a log as it grows, until the container has ended.
func (s *Server) follow(w http.ResponseWriter, r *http.Request, t target, ask logQuery) error {
	options := ask.options
	if ask.none {
		options.Since, options.Tail = s.Clock.Now(), 0
	}
	options.LimitBytes = ask.limitBytes
	w.Header().Set("Content-Type", "text/plain")
	out := &flushed{ResponseWriter: w}
	out.flush() // the caller sees that it is served, though nothing is logged
	err := s.Cloud.Follow(r.Context(), t.groupID, t.container, options, out, func() bool { return s.ended(t) })
	if err != nil && r.Context().Err() == nil {
		s.Log.WithError(err).WithField("namespace", t.pod.Namespace).WithField("pod", t.pod.Name).
			Warn("following a log ended early")
	}
	return nil
}

// ended reports whether the run of the container that is followed is over.
func (s *Server) ended(t target) bool {
	pod, id, err := s.Pods.Lookup(t.pod.Namespace, t.pod.Name)
	if err != nil || pod.UID != t.pod.UID || id != t.groupID {
		return true
	}
	if pod.Status.Phase == corev1.PodSucceeded || pod.Status.Phase == corev1.PodFailed {
		return true
	}
	t.pod = pod
	status := t.status()
	return status == nil || status.State.Running == nil
}

// flushed sends what is written at once.
type flushed struct{ http.ResponseWriter }

func (f *flushed) Write(b []byte) (int, error) {
	n, err := f.ResponseWriter.Write(b)
	f.flush()
	return n, err
}

func (f *flushed) flush() { _ = http.NewResponseController(f.ResponseWriter).Flush() }
