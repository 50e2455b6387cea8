package gateway

import (
	"context"
	"fmt"
	"slices"

	corev1 "k8s.io/api/core/v1"
	discoveryv1 "k8s.io/api/discovery/v1"
	"k8s.io/apimachinery/pkg/api/equality"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"sigs.k8s.io/controller-runtime/pkg/client"
)

// show gives a Service the load balancer's address: as EXTERNAL-IP, and as the
// endpoint of its cluster IP. The mode Proxy keeps nodes from answering for
// the address themselves.
func (s *services) show(ctx context.Context, is *corev1.Service, address string) error {
	proxy := corev1.LoadBalancerIPModeProxy
	want := []corev1.LoadBalancerIngress{{IP: address, IPMode: &proxy}}
	if !equality.Semantic.DeepEqual(is.Status.LoadBalancer.Ingress, want) {
		before := is.DeepCopy()
		is.Status.LoadBalancer.Ingress = want
		if err := s.client.Status().Patch(ctx, is, client.MergeFrom(before)); err != nil {
			return fmt.Errorf("status of Service %s: %w", is.Name, err)
		}
	}
	return s.endpoint(ctx, is, address)
}

func (s *services) endpoint(ctx context.Context, of *corev1.Service, address string) error {
	want := wantedSlice(of, address)
	var is discoveryv1.EndpointSlice
	err := s.reader.Get(ctx, client.ObjectKeyFromObject(want), &is)
	switch {
	case apierrors.IsNotFound(err):
		// One that is there already is news that the cache will bring.
		err = client.IgnoreAlreadyExists(s.client.Create(ctx, want))
	case err == nil && !sameSlice(&is, want):
		want.ResourceVersion = is.ResourceVersion
		err = s.client.Update(ctx, want)
	}
	if err != nil {
		return fmt.Errorf("EndpointSlice of Service %s: %w", of.Name, err)
	}
	return nil
}

// wantedSlice belongs to the Service, so that it goes with it.
func wantedSlice(of *corev1.Service, address string) *discoveryv1.EndpointSlice {
	slice := &discoveryv1.EndpointSlice{
		ObjectMeta: metav1.ObjectMeta{
			Namespace: of.Namespace, Name: of.Name,
			Labels:          map[string]string{discoveryv1.LabelServiceName: of.Name, discoveryv1.LabelManagedBy: managedBy},
			OwnerReferences: []metav1.OwnerReference{{APIVersion: "v1", Kind: "Service", Name: of.Name, UID: of.UID}},
		},
		AddressType: discoveryv1.AddressTypeIPv4,
		Endpoints:   []discoveryv1.Endpoint{{Addresses: []string{address}}},
	}
	for _, p := range of.Spec.Ports {
		protocol := corev1.ProtocolTCP
		slice.Ports = append(slice.Ports, discoveryv1.EndpointPort{Name: &p.Name, Port: &p.Port, Protocol: &protocol})
	}
	return slice
}

func sameSlice(is, want *discoveryv1.EndpointSlice) bool {
	addresses := func(s *discoveryv1.EndpointSlice) (out []string) {
		for _, e := range s.Endpoints {
			out = append(out, e.Addresses...)
		}
		return out
	}
	return is.AddressType == want.AddressType && slices.Equal(addresses(is), addresses(want)) &&
		equality.Semantic.DeepEqual(is.Ports, want.Ports) &&
		is.Labels[discoveryv1.LabelServiceName] == want.Labels[discoveryv1.LabelServiceName]
}
