package kubelet

import (
	"encoding/json"
	"net/http"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// pods lists the pods that are bound to the node.
func (s *Server) pods(w http.ResponseWriter, _ *http.Request) error {
	list, err := s.Pods.Bound()
	if err != nil {
		return err
	}
	return writePods(w, list)
}

// runningPods lists the pods that have a container group.
func (s *Server) runningPods(w http.ResponseWriter, r *http.Request) error {
	list, err := s.Pods.GetPods(r.Context())
	if err != nil {
		return err
	}
	return writePods(w, list)
}

func writePods(w http.ResponseWriter, list []*corev1.Pod) error {
	out := corev1.PodList{TypeMeta: metav1.TypeMeta{Kind: "PodList", APIVersion: "v1"}, Items: []corev1.Pod{}}
	for _, pod := range list {
		out.Items = append(out.Items, *pod)
	}
	return writeJSON(w, out)
}

func writeJSON(w http.ResponseWriter, v any) error {
	body, err := json.Marshal(v)
	if err != nil {
		return err
	}
	w.Header().Set("Content-Type", "application/json")
	_, _ = w.Write(body) // the caller has left when it fails
	return nil
}
