package provider

import (
	"context"
	"time"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/types"

	"github.com/ebb-node/ebb/eci"
)

// create asks the cloud for a pod's container group, once.
func (p *Provider) create(ctx context.Context, uid types.UID) time.Duration {
	r, wanted := p.begin(uid)
	if !wanted {
		return 0
	}
	// Whatever comes of it, the pod is looked at once more: it may have been
	// deleted meanwhile.
	defer p.syncs.Add(uid)
	defer p.registry.changeKnown(uid, func(r *record) { r.creating = false })

	next, err := p.prepare(ctx, &r)
	if err != nil {
		return p.refuse(ctx, &r, judgePlan(err), err, nil)
	}
	answer, err := p.Cloud.Create(ctx, next.request)
	if err != nil {
		return p.refuse(ctx, &r, judge(err), err, next)
	}
	p.created(&r, next.request, answer)
	return 0
}

// begin claims a pod for a create, unless it needs none.
func (p *Provider) begin(uid types.UID) (r record, wanted bool) {
	r, _ = p.registry.changeKnown(uid, func(r *record) {
		wanted = r.wantsGroup() && !r.creating
		if !wanted {
			return
		}
		r.creating = true
		if last := lastAttempt(r.pod); last >= r.attempt {
			r.attempt = last + 1 // its group is no more
		}
	})
	return r, wanted
}

// created records the group of a pod.
func (p *Provider) created(r *record, request *eci.CreateRequest, answer *eci.CreateResponse) {
	id := answer.ContainerGroupID
	p.registry.change(r.uid, func(r *record) {
		if r.groupID != id { // the watch may have been faster
			r.group = nil
		}
		r.groupID, r.requestID = id, answer.RequestID
		r.vanished, r.wait, r.pending = false, nil, nil
	})
	p.Watch.Add(expected(id, request, p.Clock.Now()))
	p.logFor(r).WithField("group", id).Info("created container group")
	p.Recorder.Eventf(r.pod, corev1.EventTypeNormal, reasonCreated, "Created container group %s", id)
}

// refuse records why there is no group yet, and answers when to try again.
func (p *Provider) refuse(ctx context.Context, r *record, v verdict, err error, tried *pending) time.Duration {
	if ctx.Err() != nil {
		return 0 // ebb is ending; the next one goes on
	}
	n := nextTry(r, v, tried)
	n.wait.message = forPeople(err)
	if v.nextSpec {
		n.wait.code = codeOf(err)
	}
	if known := r.wait; known != nil && n.ruledOut(r) && !n.wait.final {
		// The pod waits for the specs that are left, and for their reason.
		n.wait.reason, n.wait.message, n.wait.code = known.reason, known.message, known.code
	}
	p.registry.change(r.uid, func(r *record) {
		r.wait, r.tries, r.spec, r.impossible = n.wait, n.wait.failures, n.spec, n.impossible
		if v.freshToken {
			r.pending = nil
			r.attempt++
		}
	})
	p.complain(r, v, err, n.wait.final)
	if v.lookup {
		if found, err := p.find(ctx, r.uid); found || err != nil {
			return n.again
		}
	}
	return n.again
}

// expected is what is known of a group before the cloud tells of it.
func expected(id string, request *eci.CreateRequest, now time.Time) eci.Group {
	group := eci.Group{
		ID: id, Name: request.Name, Status: eci.StatusScheduling, CreationTime: now,
		CPU: request.CPU, Memory: request.Memory, SpotStrategy: request.SpotStrategy,
		RestartPolicy: request.RestartPolicy, Tags: request.Tags,
	}
	for i := range request.Containers {
		group.Containers = append(group.Containers, eci.ContainerStatus{Name: request.Containers[i].Name, Image: request.Containers[i].Image})
	}
	for i := range request.InitContainers {
		group.InitContainers = append(group.InitContainers, eci.ContainerStatus{Name: request.InitContainers[i].Name, Image: request.InitContainers[i].Image})
	}
	return group
}
