package backend

import (
	"context"

	"k8s.io/apimachinery/pkg/types"
	"k8s.io/apimachinery/pkg/util/intstr"
)

// Address is where a Service's requests may go.
type Address struct {
	// IP, or for a Service of type ExternalName the name to resolve: then it
	// is the only address and Finder.Pods does not have it.
	IP   string
	Port int
	// Pod behind the address; empty when the slice does not name one.
	Pod types.NamespacedName
	// H2C means that the Service's port asks for cleartext HTTP/2. CLB speaks
	// HTTP/1 to its backends, so what it serves by itself cannot be H2C
	// (https://www.alibabacloud.com/help/doc-detail/32460.html).
	H2C bool
}

// Finder finds addresses, in a stable order and each once. All answers come
// from caches; a Service that is not there, or has no such port, is an error
// that names it, one without addresses is not.
type Finder interface {
	// Public are the ready addresses of the Service itself.
	Public(ctx context.Context, service types.NamespacedName, port intstr.IntOrString) ([]Address, error)
	// Pods are the ready pods that serve the Service's requests without a
	// detour: those of the private Service when it is a revision's, else those
	// of the Service itself. None means that the revision is at zero.
	Pods(ctx context.Context, service types.NamespacedName, port intstr.IntOrString) ([]Address, error)
}

// LeavingFinder also finds pods that Pods no longer has.
type LeavingFinder interface {
	Finder
	// Leaving are the pods that are terminating but still answer: they should
	// get no new requests, and those that they have are good.
	Leaving(ctx context.Context, service types.NamespacedName, port intstr.IntOrString) ([]Address, error)
}
