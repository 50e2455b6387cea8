package knative

import (
	"context"
	"strings"
	"time"

	"k8s.io/apimachinery/pkg/api/meta"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	"github.com/ebb-node/ebb/region/internal/apply"
)

// Install applies the objects in the order that a cluster needs.
func Install(ctx context.Context, applier *apply.Applier, objects []*unstructured.Unstructured) error {
	for _, group := range inOrder(objects) {
		if err := untilKnown(ctx, func() error { return applier.All(ctx, group) }); err != nil {
			return err
		}
	}
	return nil
}

// The turns in which objects are applied.
const (
	first       = iota // namespaces
	plain              // what needs nothing but its namespace
	pods               // what starts pods, for which their service accounts must be there
	custom             // objects of kinds that came with the plain ones
	admission          // webhooks, which refuse everything until their pod answers
	numberTurns        // how many there are
)

func turn(object *unstructured.Unstructured) int {
	switch kind := object.GroupVersionKind(); {
	case kind.Kind == "Namespace":
		return first
	case kind.Kind == "Deployment":
		return pods
	case strings.HasSuffix(kind.Group, ".knative.dev"):
		return custom
	case kind.Group == "admissionregistration.k8s.io":
		return admission
	default:
		return plain
	}
}

// inOrder groups objects by their turn; those of one group need not wait for
// each other.
func inOrder(objects []*unstructured.Unstructured) [][]*unstructured.Unstructured {
	groups := make([][]*unstructured.Unstructured, numberTurns)
	for _, object := range objects {
		groups[turn(object)] = append(groups[turn(object)], object)
	}
	return groups
}

// knownInterval is short against the time that the API server takes to serve
// a new kind.
const knownInterval = 100 * time.Millisecond

// untilKnown tries again while the API server does not serve a kind yet.
func untilKnown(ctx context.Context, apply func() error) error {
	tick := time.NewTicker(knownInterval)
	defer tick.Stop()
	for {
		err := apply()
		if !meta.IsNoMatchError(err) {
			return err
		}
		select {
		case <-ctx.Done():
			return err
		case <-tick.C:
		}
	}
}
