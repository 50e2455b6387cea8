package reserve_test

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"

	appsv1 "k8s.io/api/apps/v1"
	corev1 "k8s.io/api/core/v1"
	discoveryv1 "k8s.io/api/discovery/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/client-go/dynamic"
	"k8s.io/client-go/dynamic/dynamicinformer"
	"k8s.io/client-go/informers"
	"k8s.io/client-go/tools/cache"
	"k8s.io/client-go/tools/clientcmd"

	"github.com/ebb-node/ebb/region/internal/testregion"
)

const (
	labelUID     = "serving.knative.dev/revisionUID"
	labelReserve = "ebb-node.github.io/reserve-of"
	retention    = "autoscaling.knative.dev/scale-to-zero-pod-retention-period"
)

var revisions = schema.GroupVersionResource{Group: "serving.knative.dev", Version: "v1", Resource: "revisions"}

// watch notes what happens in the default namespace until ctx is over.
func watch(ctx context.Context, r *testregion.Region) (*history, error) {
	h := &history{facts: map[string][]moment{}, groups: map[string]map[string]bool{}}
	factory := informers.NewSharedInformerFactoryWithOptions(r.Kube, 0, informers.WithNamespace("default"))
	config, err := clientcmd.BuildConfigFromFlags("", r.Kubeconfig())
	if err != nil {
		return nil, err
	}
	client, err := dynamic.NewForConfig(config)
	if err != nil {
		return nil, err
	}
	loose := dynamicinformer.NewFilteredDynamicSharedInformerFactory(client, 0, "default", nil)
	for informer, note := range map[cache.SharedIndexInformer]func(any, bool){
		factory.Apps().V1().Deployments().Informer():         h.deployment,
		factory.Core().V1().Pods().Informer():                h.pod,
		factory.Core().V1().Events().Informer():              h.event,
		factory.Discovery().V1().EndpointSlices().Informer(): h.slice,
		loose.ForResource(revisions).Informer():              h.revision,
	} {
		if _, err := informer.AddEventHandler(cache.ResourceEventHandlerFuncs{
			AddFunc:    func(o any) { note(o, false) },
			UpdateFunc: func(_, o any) { note(o, false) },
			DeleteFunc: func(o any) {
				if lost, ok := o.(cache.DeletedFinalStateUnknown); ok {
					o = lost.Obj
				}
				note(o, true)
			},
		}); err != nil {
			return nil, err
		}
	}
	factory.Start(ctx.Done())
	loose.Start(ctx.Done())
	factory.WaitForCacheSync(ctx.Done())
	loose.WaitForCacheSync(ctx.Done())
	return h, nil
}

// deployment notes how many pods a Deployment wants and has ready, and the state
// of a reserve.
func (h *history) deployment(o any, deleted bool) {
	d := o.(*appsv1.Deployment)
	if deleted {
		h.set(d.Name+"/replicas", "gone")
		return
	}
	h.set(d.Name+"/replicas", fmt.Sprint(*d.Spec.Replicas))
	h.set(d.Name+"/ready", fmt.Sprint(d.Status.ReadyReplicas))
	state, _, _ := strings.Cut(d.Annotations["ebb-node.github.io/reserve-state"], ",")
	h.set(d.Name+"/state", state)
}

// pod notes which pods of a revision are ready and get requests, and which there
// are of its reserve that are not on their way out.
func (h *history) pod(o any, deleted bool) {
	p := o.(*corev1.Pod)
	deleted = deleted || p.DeletionTimestamp != nil
	attached := p.Labels[labelUID]
	group := ""
	if !deleted && attached != "" && podReady(p) {
		group = podsOf + attached
	}
	h.member(p.Name, podsOf, group)
	if of := p.Labels[labelReserve]; of != "" {
		group = ""
		if !deleted && attached == p.Labels["ebb-node.github.io/reserve"] {
			group = reserveOf + of
		}
		h.member(p.Name, reserveOf, group)
	}
}

// Kinds of groups of pods; the UID or the name of a revision follows.
const (
	podsOf    = "pods of "
	reserveOf = "reserve of "
)

func podReady(p *corev1.Pod) bool {
	return slices.ContainsFunc(p.Status.Conditions, func(c corev1.PodCondition) bool {
		return c.Type == corev1.PodReady && c.Status == corev1.ConditionTrue
	})
}

// slice notes the ready addresses of a revision's own Service. The public one has
// those of activators.
func (h *history) slice(o any, deleted bool) {
	s := o.(*discoveryv1.EndpointSlice)
	service := s.Labels[discoveryv1.LabelServiceName]
	if !strings.HasSuffix(service, "-private") {
		return
	}
	ready := map[string]bool{}
	for _, e := range s.Endpoints {
		if !deleted && e.Conditions.Ready != nil && *e.Conditions.Ready {
			ready[e.Addresses[0]] = true
		}
	}
	h.set(service+"/endpoints", joined(ready))
}

// revision notes the gate, and whether a revision is ready and active.
func (h *history) revision(o any, _ bool) {
	r := o.(*unstructured.Unstructured)
	h.set(r.GetName()+"/retention", r.GetAnnotations()[retention])
	conditions, _, _ := unstructured.NestedSlice(r.Object, "status", "conditions")
	for _, c := range conditions {
		switch c := c.(map[string]any); c["type"] {
		case "Ready":
			h.set(r.GetName()+"/ready", fmt.Sprint(c["status"]))
		case "Active":
			h.set(r.GetName()+"/active", fmt.Sprint(c["status"]))
		}
	}
}

// event notes what ebb tells of a revision.
func (h *history) event(o any, deleted bool) {
	e := o.(*corev1.Event)
	if deleted || e.InvolvedObject.Kind != "Revision" || !strings.HasPrefix(e.Reason, "Reserve") && e.Reason != "StandardPodsNotStarting" {
		return
	}
	count := e.Count
	if e.Series != nil {
		count = e.Series.Count
	}
	h.set(e.InvolvedObject.Name+"/event "+e.Reason+" "+e.Name, fmt.Sprintf("x%d: %s", count, e.Message))
}

// told is how often an event's reason was seen of a revision, at a time or later.
func (h *history) told(revision, reason string) int {
	h.mu.Lock()
	defer h.mu.Unlock()
	n := 0
	for fact, past := range h.facts {
		if strings.HasPrefix(fact, revision+"/event "+reason+" ") {
			n += len(past)
		}
	}
	return n
}

func joined(set map[string]bool) string {
	return strings.Join(slices.Sorted(maps.Keys(set)), " ")
}
