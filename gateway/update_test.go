package gateway

import (
	"context"
	"errors"
	"sync/atomic"
	"testing"

	"k8s.io/apimachinery/pkg/types"
	"k8s.io/apimachinery/pkg/util/intstr"
	"knative.dev/networking/pkg/apis/networking/v1alpha1"
	"sigs.k8s.io/controller-runtime/pkg/client"
	"sigs.k8s.io/controller-runtime/pkg/client/interceptor"

	"github.com/ebb-node/ebb/gateway/backend"
)

// lateFinder sees no pods the first time that it is asked.
type lateFinder struct {
	backend.Finder
	asked atomic.Int32
}

func (l *lateFinder) Pods(ctx context.Context, service types.NamespacedName, port intstr.IntOrString) ([]backend.Address, error) {
	if l.asked.Add(1) == 1 {
		return nil, nil
	}
	return l.Finder.Pods(ctx, service, port)
}

// noStatuses is a cluster that takes none, so that no Ingress is looked at
// again because its status has changed.
func noStatuses(s *scene) {
	s.cluster = interceptor.NewClient(s.cluster, interceptor.Funcs{
		SubResourcePatch: func(ctx context.Context, c client.Client, part string, o client.Object, p client.Patch, options ...client.SubResourcePatchOption) error {
			if _, ok := o.(*v1alpha1.Ingress); ok {
				return errors.New("not now")
			}
			return c.SubResource(part).Patch(ctx, o, p, options...)
		},
	})
}

// Pods that come after the gateway has looked for them, and before it knows
// that the Ingress wants them, are seen with a second look.
func TestPodsThatComeWhileAnIngressIsRead(t *testing.T) {
	s := newScene(t, noStatuses).start()
	s.revision("a-1", 0, 1)
	s.stop()
	late := &lateFinder{}
	s.finder = func(f backend.Finder) backend.Finder { late.Finder = f; return late }
	s.start()
	s.settled("internet", "intranet")
	s.apply(onlyOutside(knative("a", "a-1=100")))
	s.looks("internet", a(enis(0, 1, 100))...)
}
