package provider

import (
	"errors"
	"maps"
	"strings"

	"github.com/sirupsen/logrus"
	corev1 "k8s.io/api/core/v1"

	"github.com/ebb-node/ebb/eci"
)

// complain tells the pod's owner why it has no group.
func (p *Provider) complain(r *record, v verdict, err error, final bool) {
	p.logFor(r).WithField("reason", v.reason).WithField("final", final).Warn("no container group: " + oneLine(err))
	if v.told {
		return
	}
	text := forPeople(err)
	if !final {
		text += " (will try again)"
	}
	p.Recorder.Event(r.pod, corev1.EventTypeWarning, v.reason, text)
}

// mirror puts the group's events on the pod that are not there yet.
func (p *Provider) mirror(r *record) {
	if r.pod == nil || r.group == nil {
		return
	}
	seen := maps.Clone(r.mirrored)
	if seen == nil {
		seen = map[string]int32{}
	}
	for _, e := range r.group.Events {
		key := e.Reason + "\x00" + e.Message
		if e.Reason == "" || seen[key] >= max(e.Count, 1) || e.LastTimestamp.Before(r.adoptedAt) {
			continue
		}
		seen[key] = max(e.Count, 1)
		kind := corev1.EventTypeNormal
		if e.Type == corev1.EventTypeWarning {
			kind = corev1.EventTypeWarning
		}
		p.Recorder.Event(r.pod, kind, e.Reason, e.Message)
	}
	p.registry.changeKnown(r.uid, func(r *record) { r.mirrored = seen })
}

// logFor is the log with the pod's names on it.
func (p *Provider) logFor(r *record) logrus.FieldLogger {
	l := p.Log.WithField("uid", r.uid)
	if r.pod != nil {
		l = l.WithField("namespace", r.pod.Namespace).WithField("pod", r.pod.Name)
	}
	return l
}

// forPeople is the text of an error for events and statuses. The request id is
// for the log alone: with it every retry would be another event.
func forPeople(err error) string {
	text := oneLine(err)
	var cloud *eci.Error
	if errors.As(err, &cloud) && cloud.RequestID != "" {
		text = strings.ReplaceAll(text, ", request "+cloud.RequestID, "")
	}
	return text
}

// oneLine is the text of an error, joined ones included, on one line.
func oneLine(err error) string {
	return strings.Join(strings.Split(strings.TrimSpace(err.Error()), "\n"), "; ")
}
