package slb

import (
	"context"
	"errors"
	"fmt"

	"github.com/ebb-node/ebb/alicloud"
	"github.com/sirupsen/logrus"
)

// run carries out a plan. It keeps now up to date with what succeeds, so that
// later steps find the ids of what earlier ones made, and so that none is
// taken whose ground is missing.
type run struct {
	*Client
	owner  Owner
	want   index
	now    Actual
	parked *parking
	log    logrus.FieldLogger

	touched *touched
	failed  []Problem
	// unmade are rules that could not be made: what served their hosts before
	// must stay.
	unmade []RuleID
	// stuck are ids of groups that traffic could not be led away from: they
	// must go on serving.
	stuck map[string]bool
	// fatal ends the run: the load balancer is gone, or the caller gave up.
	fatal error
}

// index is a Desired by its keys.
type index struct {
	groups       map[string]Group
	certificates map[string]Certificate
}

func indexOf(d Desired) index {
	x := index{groups: map[string]Group{}, certificates: map[string]Certificate{}}
	for _, g := range d.Groups {
		if _, twice := x.groups[g.Key]; !twice {
			x.groups[g.Key] = g
		}
	}
	for _, c := range d.Certificates {
		x.certificates[c.Fingerprint()] = c
	}
	return x
}

// serves reports whether a group shall get traffic.
func (x index) serves(key string) bool {
	for _, m := range x.groups[key].Members {
		if m.Weight > 0 {
			return true
		}
	}
	return false
}

// steps takes steps until all are tried, until a fatal error, or until enough
// says that a newer wish should be planned for.
func (r *run) steps(ctx context.Context, list []Step, enough func() bool) (whole bool) {
	for i, s := range list {
		if r.fatal != nil || i > 0 && enough() {
			return false
		}
		r.log.Info(s.String())
		r.take(ctx, s)
		r.note(s)
	}
	return r.fatal == nil
}

// take does one step; what fails is remembered with its object.
func (r *run) take(ctx context.Context, s Step) {
	switch s := s.(type) {
	case CreateGroup:
		r.createGroup(ctx, s)
	case AddMembers:
		r.addMembers(ctx, s.Group, s.Members)
	case SetWeights:
		r.setWeights(ctx, s)
	case RemoveMembers:
		r.removeMembers(ctx, s)
	case CreateRules:
		r.createRules(ctx, s)
	case DeleteRules:
		r.deleteRules(ctx, s)
	default:
		batch(r, ctx, []Step{s}, Step.about, func(list []Step) error { return r.single(ctx, list[0]) })
	}
}

// single does a step that is about one object.
func (r *run) single(ctx context.Context, s Step) error {
	switch s := s.(type) {
	case UploadCertificate:
		return r.uploadCertificate(ctx, s)
	case DeleteCertificate:
		return r.deleteCertificate(ctx, s)
	case DeleteGroup:
		return r.deleteGroup(ctx, s)
	case CreateListener:
		return r.createListener(ctx, s.Listener)
	case Activate:
		return r.activate(ctx, s.ID)
	case SetListener:
		return r.setListener(ctx, s.Listener)
	case StartListener:
		return r.startListener(ctx, s.Endpoint)
	case DeleteListener:
		return r.deleteListener(ctx, s)
	case SetRule:
		return r.setRule(ctx, s)
	case CreateExtension:
		return r.createExtension(ctx, s)
	case SetExtension:
		return r.setExtension(ctx, s)
	case DeleteExtension:
		return r.deleteExtension(ctx, s)
	}
	return fmt.Errorf("no way to do %T", s)
}

// batch sends entries that one call takes. When the call is refused because of
// some of them, halves are tried until those stand alone: one bad entry must
// not keep the others out. Entries that were refused for good before are left
// out for a while.
func batch[T any](r *run, ctx context.Context, list []T, object func(T) Object, send func([]T) error) {
	var now []T
	for _, entry := range list {
		if p, ok := r.parked.find(entry); ok {
			r.failed = append(r.failed, p)
			continue
		}
		now = append(now, entry)
	}
	trySend(r, ctx, now, object, send)
}

func trySend[T any](r *run, ctx context.Context, list []T, object func(T) Object, send func([]T) error) {
	if len(list) == 0 || r.fatal != nil {
		return
	}
	err := send(list)
	switch {
	case err == nil || len(list) == 1 && exists(err):
		return
	case stopped(ctx):
		r.fatal = ctx.Err()
	case codeOf(err) == codeNoInstance:
		r.fatal = &GoneError{ID: r.now.Instance.ID}
	case len(list) > 1 && separable(err):
		trySend(r, ctx, list[:len(list)/2], object, send)
		trySend(r, ctx, list[len(list)/2:], object, send)
	default:
		for _, entry := range list {
			p := Problem{object(entry), err}
			r.failed = append(r.failed, p)
			if permanent(err) {
				r.parked.put(entry, p)
			}
		}
	}
}

// separable reports whether a refusal may be about some entries only.
func separable(err error) bool {
	switch alicloud.ClassOf(err) {
	case alicloud.ClassInvalid, alicloud.ClassState, alicloud.ClassNotFound, alicloud.ClassUnknown:
		return !isBlocked(err)
	case alicloud.ClassQuota:
		return codeOf(err) != codeNoRoom
	}
	return false
}

// permanent reports a refusal that the same request will meet again.
func permanent(err error) bool { return !transient(err) && !isBlocked(err) }

func isBlocked(err error) bool {
	var blocked *BlockedError
	return errors.As(err, &blocked)
}

func blocked(by Object) error { return &BlockedError{By: by} }
