package gateway

import (
	"context"
	"fmt"
	"slices"
	"time"

	corev1 "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/types"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/ebb-node/ebb/gateway/backend"
)

// annotationENI is what the virtual node writes on its pods, under the name
// that Alibaba's managed node uses
// (https://help.aliyun.com/zh/eci/user-guide/pod-annotations).
const annotationENI = "k8s.aliyun.com/eni-instance-id"

// resolver finds what serves the splits of a route.
type resolver struct {
	backends   backend.Finder
	pods       client.Reader // metadata of pods
	interfaces *interfaces
}

// resolve fills the pools of a route. Targets of the route that was before
// are taken over: where a pod is does not change. It returns when to look
// again; zero: when something changes.
func (v *resolver) resolve(ctx context.Context, r, old *route) (again time.Duration) {
	known := targetsOf(old)
	for _, p := range r.pools {
		p.shares = make([]share, len(p.splits))
		for i, s := range p.splits {
			p.shares[i].percent = s.percent
			addresses, err := v.backends.Pods(ctx, s.service, s.port)
			if err != nil {
				r.problems = append(r.problems, problem{reason: ReasonBackendMissing, message: err.Error(), passing: true})
			}
			if v.fill(ctx, r, &p.shares[i], addresses, known) {
				again = v.interfaces.missing
			}
			p.h2c = p.h2c || slices.ContainsFunc(addresses, func(a backend.Address) bool { return a.H2C })
		}
	}
	if r.waiting {
		return 0 // the answer wakes
	}
	return again
}

// seat is where a pod is.
type seat struct{ about, ip string }

// targetsOf a route by pod.
func targetsOf(r *route) map[seat]target {
	if r == nil {
		return nil
	}
	out := map[seat]target{}
	for _, p := range r.pools {
		for _, s := range p.shares {
			for _, t := range s.targets {
				out[seat{t.about, t.ip}] = t
			}
		}
	}
	return out
}

// fill gives a share the targets of its addresses, and reports whether some have
// no interface. Those whose interface is still asked for count as not there.
func (v *resolver) fill(ctx context.Context, r *route, s *share, addresses []backend.Address, known map[seat]target) (missing bool) {
	waiting := false
	for _, a := range addresses {
		t, found := v.target(ctx, a, r.name, known)
		switch {
		case t.eni != "":
			s.targets = append(s.targets, t)
		case found.waiting:
			waiting = true
		default:
			missing = true
			r.warnings = append(r.warnings, noInterface(a, found.err))
		}
	}
	r.waiting = r.waiting || waiting
	s.unreachable = missing && !waiting && len(s.targets) == 0
	return missing
}

// target is an address with its network interface: as it was known, else as
// the pod says, else as the cloud does, which wakes w.
func (v *resolver) target(ctx context.Context, a backend.Address, w waiter, known map[seat]target) (target, answer) {
	t := target{ip: a.IP, port: a.Port}
	if a.Pod.Name != "" {
		t.about = a.Pod.String()
		if same, ok := known[seat{t.about, t.ip}]; ok {
			t.eni = same.eni
			return t, answer{id: t.eni}
		}
		if t.eni = v.annotated(ctx, a.Pod); t.eni != "" {
			return t, answer{id: t.eni}
		}
	}
	found := v.interfaces.lookup(a.IP, w)
	t.eni = found.id
	return t, found
}

func noInterface(a backend.Address, err error) problem {
	p := problem{reason: ReasonNoNetworkInterface, message: fmt.Sprintf(
		"pod %s gets no requests from the load balancer itself: no network interface of the VPC has its address %s; run it where pods have interfaces of their own", a.Pod, a.IP)}
	if err != nil {
		p.message = fmt.Sprintf("pod %s gets no requests from the load balancer itself: its network interface is not known: %s", a.Pod, explain(err))
	}
	return p
}

// annotated is the network interface that a pod's annotation names.
func (v *resolver) annotated(ctx context.Context, pod types.NamespacedName) string {
	m := podMetadata()
	if err := v.pods.Get(ctx, pod, m, client.UnsafeDisableDeepCopy); err != nil {
		return "" // it is new or gone, and the cloud is asked
	}
	return m.Annotations[annotationENI]
}

// podMetadata is all that is watched of pods.
func podMetadata() *metav1.PartialObjectMetadata {
	m := &metav1.PartialObjectMetadata{}
	m.SetGroupVersionKind(corev1.SchemeGroupVersion.WithKind("Pod"))
	return m
}

// gone reports whether a pod no longer exists, by the description of a member.
func (v *resolver) gone(ctx context.Context, about string) bool {
	pod, ok := podOf(about)
	return ok && apierrors.IsNotFound(v.pods.Get(ctx, pod, podMetadata(), client.UnsafeDisableDeepCopy))
}
