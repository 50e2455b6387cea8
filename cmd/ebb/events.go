package main

import (
	"fmt"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/client-go/kubernetes"
	clientgoscheme "k8s.io/client-go/kubernetes/scheme"
	corev1client "k8s.io/client-go/kubernetes/typed/core/v1"
	"k8s.io/client-go/rest"
	"k8s.io/client-go/tools/record"
)

// A kubelet's defaults for events (eventRecordQPS, eventBurst,
// https://kubernetes.io/docs/reference/config-api/kubelet-config.v1beta1/).
// They have a client of their own, so that a flood of events delays no status.
const (
	eventQPS   = 50
	eventBurst = 100
)

func eventClient(config *rest.Config) (kubernetes.Interface, error) {
	slow := rest.CopyConfig(config)
	slow.QPS, slow.Burst = eventQPS, eventBurst
	client, err := kubernetes.NewForConfig(slow)
	if err != nil {
		return nil, fmt.Errorf("client of the API server: %w", err)
	}
	return client, nil
}

// newRecorder sends events of Knative's objects to the API server.
func newRecorder(config *rest.Config) (record.EventRecorder, error) {
	client, err := eventClient(config)
	if err != nil {
		return nil, err
	}
	broadcaster := record.NewBroadcaster()
	sendEvents(broadcaster, client)
	return broadcaster.NewRecorder(scheme(), corev1.EventSource{Component: "ebb"}), nil
}

func sendEvents(from record.EventBroadcaster, to kubernetes.Interface) {
	from.StartRecordingToSink(&corev1client.EventSinkImpl{Interface: to.CoreV1().Events(metav1.NamespaceAll)})
}

// nodeRecorder records events of a node and its pods, as a kubelet does.
func nodeRecorder(from record.EventBroadcaster, node string) record.EventRecorder {
	return from.NewRecorder(clientgoscheme.Scheme, corev1.EventSource{Component: "ebb", Host: node})
}
