package objects

import (
	"context"
	"fmt"
	"time"

	authenticationv1 "k8s.io/api/authentication/v1"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/labels"
	"k8s.io/client-go/kubernetes"
	corev1listers "k8s.io/client-go/listers/core/v1"
	"k8s.io/utils/clock"

	"github.com/ebb-node/ebb/provider/resolve"
)

const (
	// memory is how long an object is remembered: long enough for the pods of
	// a Deployment that start together, short enough that a pod which is
	// created after its ConfigMap was changed gets the change.
	memory = 5 * time.Second
	// memorySize bounds how many are remembered; each is at most 1 MiB.
	memorySize = 256
)

// Getters reads from the API server, and services from a lister.
func Getters(kube kubernetes.Interface, services corev1listers.ServiceLister, c clock.PassiveClock) resolve.Getters {
	core := kube.CoreV1()
	configMaps, secrets := newCache[*corev1.ConfigMap](c), newCache[*corev1.Secret](c)
	return resolve.Getters{
		ConfigMap: func(ctx context.Context, namespace, name string) (*corev1.ConfigMap, error) {
			return configMaps.get(namespace+"/"+name, func() (*corev1.ConfigMap, error) {
				return core.ConfigMaps(namespace).Get(ctx, name, metav1.GetOptions{})
			})
		},
		Secret: func(ctx context.Context, namespace, name string) (*corev1.Secret, error) {
			return secrets.get(namespace+"/"+name, func() (*corev1.Secret, error) {
				return core.Secrets(namespace).Get(ctx, name, metav1.GetOptions{})
			})
		},
		Services: func(namespace string) ([]*corev1.Service, error) {
			return services.Services(namespace).List(labels.Everything())
		},
		PersistentVolumeClaim: func(ctx context.Context, namespace, name string) (*corev1.PersistentVolumeClaim, error) {
			return core.PersistentVolumeClaims(namespace).Get(ctx, name, metav1.GetOptions{})
		},
		PersistentVolume: func(ctx context.Context, name string) (*corev1.PersistentVolume, error) {
			return core.PersistentVolumes().Get(ctx, name, metav1.GetOptions{})
		},
		ServiceAccountToken: tokens(kube),
	}
}

// tokens issues service account tokens that end with the pod.
func tokens(kube kubernetes.Interface) func(context.Context, string, string, *corev1.Pod, string, int64) (string, error) {
	return func(ctx context.Context, namespace, account string, pod *corev1.Pod, audience string, seconds int64) (string, error) {
		request := &authenticationv1.TokenRequest{Spec: authenticationv1.TokenRequestSpec{
			ExpirationSeconds: &seconds,
			BoundObjectRef:    &authenticationv1.BoundObjectReference{Kind: "Pod", APIVersion: "v1", Name: pod.Name, UID: pod.UID},
		}}
		if audience != "" {
			request.Spec.Audiences = []string{audience}
		}
		answer, err := kube.CoreV1().ServiceAccounts(namespace).CreateToken(ctx, account, request, metav1.CreateOptions{})
		if err != nil {
			return "", fmt.Errorf("token of service account %s/%s: %w", namespace, account, err)
		}
		return answer.Status.Token, nil
	}
}
