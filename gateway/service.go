package gateway

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"

	corev1 "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/types"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/ebb-node/ebb/gateway/ingress"
)

const (
	// LoadBalancerClass keeps other controllers away from the Services that
	// show the gateway's load balancers.
	LoadBalancerClass = "ebb-node.github.io/slb"
	// AnnotationLoadBalancer on such a Service is the load balancer's id. To
	// have another one made in place of one that was deleted, remove it.
	AnnotationLoadBalancer = "ebb-node.github.io/load-balancer-id"
	// managedBy marks what the gateway makes.
	managedBy = "ebb-gateway"
)

// serviceNames are those that Alibaba's managed Knative gave its gateways.
var serviceNames = map[ingress.Visibility]string{
	ingress.Internet: "ingress-gateway",
	ingress.Intranet: "ingress-local-gateway",
}

// serviceName of a load balancer.
func serviceName(k balancerKey) string { return serviceNames[k.visibility] + k.suffix() }

// balancerOf is the load balancer that a Service shows.
func balancerOf(service string) (balancerKey, bool) {
	for v, base := range serviceNames {
		rest, ok := strings.CutPrefix(service, base)
		if !ok {
			continue
		}
		if rest == "" {
			return balancerKey{v, 1}, true
		}
		n, err := strconv.Atoi(strings.TrimPrefix(rest, "-"))
		if key := (balancerKey{v, n}); err == nil && n > 1 && serviceName(key) == service {
			return key, true
		}
	}
	return balancerKey{}, false
}

// errTaken means that a Service with the name of a load balancer's is
// somebody else's.
var errTaken = errors.New("it exists and is not of class " + LoadBalancerClass + "; delete it, so that it can be made anew")

// ours reports whether a Service is the gateway's.
func ours(s *corev1.Service) bool {
	return s.Spec.LoadBalancerClass != nil && *s.Spec.LoadBalancerClass == LoadBalancerClass
}

// services shows load balancers in the cluster.
type services struct {
	client    client.Client
	reader    client.Reader
	namespace string
}

// service of a load balancer, made if it is not there. An errTaken comes with
// the Service that is in its place.
func (s *services) service(ctx context.Context, key balancerKey) (*corev1.Service, error) {
	var is corev1.Service
	name := types.NamespacedName{Namespace: s.namespace, Name: serviceName(key)}
	err := s.reader.Get(ctx, name, &is)
	if apierrors.IsNotFound(err) {
		want := s.wanted(key)
		if err := s.client.Create(ctx, want); err != nil {
			return nil, fmt.Errorf("create Service %s: %w", name, err)
		}
		return want, nil
	}
	if err != nil {
		return nil, fmt.Errorf("Service %s: %w", name, err)
	}
	if !ours(&is) {
		return &is, fmt.Errorf("Service %s: %w", name, errTaken)
	}
	return &is, nil
}

func (s *services) wanted(key balancerKey) *corev1.Service {
	class, off := LoadBalancerClass, false
	return &corev1.Service{
		ObjectMeta: metav1.ObjectMeta{
			Namespace: s.namespace, Name: serviceName(key), Labels: map[string]string{"app.kubernetes.io/managed-by": managedBy},
		},
		Spec: corev1.ServiceSpec{
			Type: corev1.ServiceTypeLoadBalancer, LoadBalancerClass: &class, AllocateLoadBalancerNodePorts: &off,
			Ports: []corev1.ServicePort{{Name: "http", Port: plainPort}, {Name: "https", Port: tlsPort}},
		},
	}
}

// record writes down which load balancer it is.
func (s *services) record(ctx context.Context, is *corev1.Service, id string) error {
	if is.Annotations[AnnotationLoadBalancer] == id {
		return nil
	}
	before := is.DeepCopy()
	metav1.SetMetaDataAnnotation(&is.ObjectMeta, AnnotationLoadBalancer, id)
	if err := s.client.Patch(ctx, is, client.MergeFrom(before)); err != nil {
		return fmt.Errorf("record load balancer %s at Service %s: %w", id, is.Name, err)
	}
	return nil
}
