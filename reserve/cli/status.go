package cli

import (
	"context"
	"fmt"
	"io"
	"time"

	"github.com/spf13/cobra"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/client-go/kubernetes"
	"k8s.io/client-go/tools/clientcmd"
	"knative.dev/serving/pkg/apis/serving"

	"github.com/ebb-node/ebb/reserve/shape"
	"github.com/ebb-node/ebb/reserve/status"
)

// statusOptions are the flags of status.
type statusOptions struct {
	kubeconfig, namespace string
	all                   bool
}

func statusCommand() *cobra.Command {
	var o statusOptions
	cmd := &cobra.Command{
		Use:   "status [SERVICE]",
		Short: "Show the reserves of a Knative Service, or of all",
		Args:  cobra.MaximumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			kube, namespace, err := o.connect()
			if err != nil {
				return err
			}
			service := ""
			if len(args) > 0 {
				service = args[0]
			}
			return showStatus(cmd.Context(), cmd.OutOrStdout(), kube, namespace, service, time.Now())
		},
	}
	cmd.Flags().StringVar(&o.kubeconfig, "kubeconfig", "", "path of a kubeconfig; empty: $KUBECONFIG, ~/.kube/config, or the service account of the pod")
	cmd.Flags().StringVarP(&o.namespace, "namespace", "n", "", "namespace; empty: that of the kubeconfig")
	cmd.Flags().BoolVarP(&o.all, "all-namespaces", "A", false, "of all namespaces")
	return cmd
}

// connect finds the API server and the namespace, as kubectl does.
func (o *statusOptions) connect() (kubernetes.Interface, string, error) {
	rules := clientcmd.NewDefaultClientConfigLoadingRules()
	rules.ExplicitPath = o.kubeconfig
	loader := clientcmd.NewNonInteractiveDeferredLoadingClientConfig(rules, &clientcmd.ConfigOverrides{})
	config, err := loader.ClientConfig()
	if err != nil {
		return nil, "", fmt.Errorf("how to reach the API server: %w", err)
	}
	namespace := o.namespace
	switch {
	case o.all:
		namespace = metav1.NamespaceAll
	case namespace == "":
		if namespace, _, err = loader.Namespace(); err != nil {
			return nil, "", fmt.Errorf("which namespace: %w", err)
		}
	}
	kube, err := kubernetes.NewForConfig(config)
	return kube, namespace, err
}

// showStatus prints the reserves of a service; "" stands for all. The error says
// that the named one has none.
func showStatus(ctx context.Context, w io.Writer, kube kubernetes.Interface, namespace, service string, now time.Time) error {
	selector := metav1.ListOptions{LabelSelector: shape.LabelReserve}
	if service != "" {
		selector.LabelSelector += "," + serving.ServiceLabelKey + "=" + service
	}
	deployments, err := kube.AppsV1().Deployments(namespace).List(ctx, selector)
	if err != nil {
		return fmt.Errorf("read the reserves: %w", err)
	}
	pods, err := kube.CoreV1().Pods(namespace).List(ctx, selector)
	if err != nil {
		return fmt.Errorf("read the pods of reserves: %w", err)
	}
	if service != "" && len(deployments.Items) == 0 {
		return fmt.Errorf("no revision of the Knative Service %q in namespace %q has a reserve; events on its Revisions may say why", service, namespace)
	}
	return status.Table(w, status.Rows(deployments.Items, pods.Items, now), namespace == metav1.NamespaceAll)
}
