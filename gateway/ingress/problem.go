package ingress

import (
	"fmt"

	"k8s.io/apimachinery/pkg/types"
)

// Reasons of problems, for conditions and Events.
const (
	ReasonInvalidHost           = "InvalidHost"           // not a name that a load balancer can match
	ReasonInvalidPath           = "InvalidPath"           // a path, its headers or its rewriteHost
	ReasonInvalidSplit          = "InvalidSplit"          // a Service or the percents
	ReasonInvalidServingIngress = "InvalidServingIngress" // an entry of the annotation
	ReasonHostTaken             = "HostTaken"             // another Ingress has the host or the path
)

// Problem is something in an Ingress that cannot be done. It is an error.
type Problem struct {
	Ingress types.NamespacedName
	Reason  string
	Field   string // as kubectl explain spells it, with indexes
	Message string // what is wrong and what to do
}

func (p Problem) Error() string {
	return fmt.Sprintf("Ingress %s: %s: %s", p.Ingress, p.Field, p.Message)
}
