package boot

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"time"

	authenticationv1 "k8s.io/api/authentication/v1"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/client-go/kubernetes"
	"k8s.io/client-go/rest"
	"k8s.io/client-go/tools/clientcmd"

	"github.com/ebb-node/ebb/region/internal/apply"
	"github.com/ebb-node/ebb/region/internal/cluster"
	"github.com/ebb-node/ebb/region/internal/layout"
)

// tokenSeconds is how long ebb's token is valid: longer than a region runs.
const tokenSeconds = 7 * 24 * 3600

// admin does the boot's errands in the cluster.
type admin struct {
	config  *rest.Config
	client  kubernetes.Interface
	applier *apply.Applier
}

func newAdmin(l layout.Layout) (*admin, error) {
	config, err := clientcmd.BuildConfigFromFlags("", l.Run("admin.kubeconfig"))
	if err != nil {
		return nil, err
	}
	config.QPS, config.Burst = 200, 400       // a boot is a burst
	config.WarningHandler = rest.NoWarnings{} // on standard output they would be taken for steps
	client, err := kubernetes.NewForConfig(config)
	if err != nil {
		return nil, err
	}
	applier, err := apply.New(config)
	return &admin{config: config, client: client, applier: applier}, err
}

// ready asks the API server whether all its parts are up.
func (a *admin) ready(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, time.Second)
	defer cancel()
	return a.client.Discovery().RESTClient().Get().AbsPath("/readyz").Do(ctx).Error()
}

func (a *admin) apply(ctx context.Context, text []byte) error {
	return a.applier.YAML(ctx, text)
}

// applyFile applies a file of the checkout.
func (a *admin) applyFile(ctx context.Context, l layout.Layout, name string) error {
	text, err := os.ReadFile(filepath.Join(l.Source, name))
	if err != nil {
		return err
	}
	return a.apply(ctx, text)
}

func (a *admin) token(ctx context.Context, namespace, account string) (string, error) {
	seconds := int64(tokenSeconds)
	request := &authenticationv1.TokenRequest{Spec: authenticationv1.TokenRequestSpec{ExpirationSeconds: &seconds}}
	answer, err := a.client.CoreV1().ServiceAccounts(namespace).CreateToken(ctx, account, request, metav1.CreateOptions{})
	if err != nil {
		return "", fmt.Errorf("token of service account %s/%s: %w", namespace, account, err)
	}
	return answer.Status.Token, nil
}

func (a *admin) nodeReady(ctx context.Context) error {
	node, err := a.client.CoreV1().Nodes().Get(ctx, cluster.NodeName, metav1.GetOptions{})
	if err != nil {
		return err
	}
	for _, condition := range node.Status.Conditions {
		if condition.Type == corev1.NodeReady && condition.Status == corev1.ConditionTrue {
			return nil
		}
		if condition.Type == corev1.NodeReady {
			return fmt.Errorf("%s: %s", condition.Reason, condition.Message)
		}
	}
	return errors.New("the node says nothing about being ready")
}

// usable asks for what a user's first pod needs: the service account and the
// authority that every pod gets, and a node that the scheduler may use.
func (a *admin) usable(ctx context.Context) error {
	if _, err := a.client.CoreV1().ServiceAccounts(metav1.NamespaceDefault).Get(ctx, "default", metav1.GetOptions{}); err != nil {
		return err
	}
	if _, err := a.client.CoreV1().ConfigMaps(metav1.NamespaceDefault).Get(ctx, "kube-root-ca.crt", metav1.GetOptions{}); err != nil {
		return err
	}
	node, err := a.client.CoreV1().Nodes().Get(ctx, cluster.NodeName, metav1.GetOptions{})
	if err != nil {
		return err
	}
	for _, taint := range node.Spec.Taints {
		if taint.Effect != corev1.TaintEffectPreferNoSchedule {
			return fmt.Errorf("node %s has the taint %s", node.Name, taint.ToString())
		}
	}
	return nil
}

// dnsAnswers asks the Service's ClusterIP, so that kube-proxy's rules are
// known to be there.
func dnsAnswers(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, time.Second)
	defer cancel()
	resolver := &net.Resolver{PreferGo: true, Dial: func(ctx context.Context, network, _ string) (net.Conn, error) {
		return (&net.Dialer{}).DialContext(ctx, network, cluster.DNSIP+":53")
	}}
	_, err := resolver.LookupHost(ctx, "kubernetes.default.svc."+cluster.DNSDomain+".")
	return err
}

func findBusybox() (string, error) {
	path, err := exec.LookPath("busybox")
	if err != nil {
		return "", errors.New("busybox is missing; install the package busybox-static (make setup does)")
	}
	return path, nil
}
