package demo

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	corev1 "k8s.io/api/core/v1"
)

// Labels of pods that tell whose they are.
const (
	labelRevision  = "serving.knative.dev/revision"  // Knative's, on standard pods
	labelReserveOf = "ebb-node.github.io/reserve-of" // ebb's, on those of a reserve
	ofCoffee       = "serving.knative.dev/service=coffee"
)

// pod of coffee, as the story looks at it.
type pod struct {
	name     string
	revision string // whose pod it is
	reserve  bool   // one of its reserve
	ready    bool
	leaving  bool // deleted; it finishes what it has
	// annotations of it.
	annotations map[string]string
}

// pods are those of coffee now.
func (s *Story) pods(ctx context.Context) ([]pod, error) {
	shown, err := s.quiet(ctx, "get", "pods", "-l", ofCoffee, "-o", "json")
	if err != nil {
		return nil, err
	}
	return podsOf(shown)
}

// podsOf reads a list of pods.
func podsOf(text string) ([]pod, error) {
	var list corev1.PodList
	if err := json.Unmarshal([]byte(text), &list); err != nil {
		return nil, fmt.Errorf("kubectl get pods: %w", err)
	}
	pods := make([]pod, len(list.Items))
	for i, item := range list.Items {
		p := pod{name: item.Name, revision: item.Labels[labelRevision], leaving: item.DeletionTimestamp != nil, annotations: item.Annotations}
		if of := item.Labels[labelReserveOf]; of != "" {
			p.revision, p.reserve = of, true
		}
		p.ready = slices.ContainsFunc(item.Status.Conditions, func(c corev1.PodCondition) bool {
			return c.Type == corev1.PodReady && c.Status == corev1.ConditionTrue
		})
		pods[i] = p
	}
	return pods, nil
}

// staying are a revision's standard pods, or its reserve's, that are not on their
// way out.
func staying(pods []pod, revision string, reserve bool) []pod {
	var out []pod
	for _, p := range pods {
		if p.revision == revision && p.reserve == reserve && !p.leaving {
			out = append(out, p)
		}
	}
	return out
}

// asleep reports whether each revision has a ready reserve pod and no other.
func asleep(pods []pod, revisions ...string) bool {
	return !slices.ContainsFunc(revisions, func(revision string) bool {
		reserve := staying(pods, revision, true)
		return len(reserve) != 1 || !reserve[0].ready || len(staying(pods, revision, false)) > 0
	})
}

// awake reports whether a revision has ready standard pods and no reserve pod.
func awake(pods []pod, revision string) bool {
	return readyPods(pods)[revision] > 0 && len(staying(pods, revision, true)) == 0
}

// retired reports whether a revision has no pod.
func retired(pods []pod, revision string) bool {
	return len(staying(pods, revision, false))+len(staying(pods, revision, true)) == 0
}

// readyPods counts the ready standard pods of each revision, without those on
// their way out.
func readyPods(pods []pod) map[string]int {
	counts := map[string]int{}
	for _, p := range pods {
		if p.ready && !p.reserve && !p.leaving {
			counts[p.revision]++
		}
	}
	return counts
}

// await waits until the pods of coffee are as they should.
func (s *Story) await(ctx context.Context, what string, so func([]pod) bool) error {
	for {
		pods, err := s.pods(ctx)
		if err != nil {
			return err
		}
		if so(pods) {
			return nil
		}
		if err := pause(ctx, time.Second); err != nil {
			shown, _ := s.quiet(context.WithoutCancel(ctx), "get", "pods")
			return fmt.Errorf("coffee is not %s:\n%s", what, shown)
		}
	}
}

// revision is the latest one of coffee that is ready.
func (s *Story) revision(ctx context.Context) (string, error) {
	return s.quiet(ctx, "get", "ksvc", "coffee", "-o", "jsonpath={.status.latestReadyRevisionName}")
}
