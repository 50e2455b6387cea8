package backend

import (
	"context"

	"k8s.io/apimachinery/pkg/types"
	"k8s.io/apimachinery/pkg/util/intstr"
)

// Address is where a Service's requests may go.
type Address struct {
	IP   string
	Port int
	// Pod behind the address; empty when the slice does not name one.
	Pod types.NamespacedName
	// H2C means that the Service's port asks for cleartext HTTP/2.
	H2C bool
}

// Finder finds addresses. All answers come from caches; a Service that is not
// there is an error that names it, one without addresses is not.
type Finder interface {
	// Public are the ready addresses of the Service itself.
	Public(ctx context.Context, service types.NamespacedName, port intstr.IntOrString) ([]Address, error)
	// Pods are the ready pods that serve the Service's requests without a
	// detour: those of the private Service when it is a revision's, else those
	// of the Service itself. None means that the revision is at zero.
	Pods(ctx context.Context, service types.NamespacedName, port intstr.IntOrString) ([]Address, error)
}
