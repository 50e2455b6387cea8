// Package cached reads Ingresses from a controller's cache for a ledger of their
// hosts.
package cached

import (
	"context"
	"fmt"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/apimachinery/pkg/types"
	"knative.dev/networking/pkg/apis/networking/v1alpha1"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/ebb-node/ebb/gateway/ingress"
)

// NewLedger is a ledger of all Ingresses in a cache, which must answer from
// memory.
func NewLedger(cache client.Reader) *ingress.Ledger { return ingress.NewLedger(source{cache}) }

type source struct{ cache client.Reader }

func (s source) Get(name types.NamespacedName) (*v1alpha1.Ingress, error) {
	ing := &v1alpha1.Ingress{}
	err := s.cache.Get(context.Background(), name, ing, client.UnsafeDisableDeepCopy)
	if apierrors.IsNotFound(err) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("Ingress %s: %w", name, err)
	}
	return ing, nil
}

func (s source) List(ctx context.Context) ([]v1alpha1.Ingress, error) {
	var all v1alpha1.IngressList
	if err := s.cache.List(ctx, &all, client.UnsafeDisableDeepCopy); err != nil {
		return nil, fmt.Errorf("list Ingresses: %w", err)
	}
	return all.Items, nil
}
