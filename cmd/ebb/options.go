package main

import (
	"errors"
	"fmt"
	"net"
	"strings"
	"time"

	"github.com/sirupsen/logrus"
	"github.com/spf13/pflag"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/resource"

	"github.com/ebb-node/ebb/provider/node"
)

// options are the flags of ebb run.
type options struct {
	kubeconfig string
	kubeQPS    float32
	kubeBurst  int

	nodeName, nodeIP string
	kubeletPort      int
	nodeCPU          string
	nodeMemory       string
	nodeStorage      string
	nodePods         int64
	nodeGPUs         int64
	nodeArch         string
	nodeLabels       map[string]string
	nodeTaints       []string
	disableTaint     bool

	region, zone, endpoint string
	ecsEndpoint            string
	vpcEndpoint            bool
	vSwitches              []string
	securityGroup          string
	resourceGroup          string
	clusterID              string
	clusterDNS             []string
	clusterDomain          string
	apiServerHost          string
	apiServerPort          int
	cloudQuota             string
	gateway                gatewayOptions
	reserve                reserveOptions
	priceCurrency          string

	certFile, keyFile, clientCAFile string

	leaderElect          bool
	leaderElectNamespace string
	metricsAddress       string
	pprofAddress         string
	healthAddress        string
	logLevel, logFormat  string

	profile         string // namespace/name
	orphanGrace     time.Duration
	podWorkers      int
	podQueueLimiter string
}

// Values of flags that choose between two.
const (
	quotaDocumented = "documented"
	quotaLifted     = "lifted"
	limiterEbb      = "ebb"
	limiterStock    = "stock"
	formatText      = "text"
	formatJSON      = "json"
)

func (o *options) add(f *pflag.FlagSet) {
	o.addNode(f)
	o.addCloud(f)
	o.gateway.add(f)
	o.reserve.add(f)
	f.StringVar(&o.kubeconfig, "kubeconfig", "", "path of a kubeconfig; empty: the service account of the pod")
	f.Float32Var(&o.kubeQPS, "kube-api-qps", 400, "requests a second to the API server")
	f.IntVar(&o.kubeBurst, "kube-api-burst", 600, "requests to the API server at once")
	f.StringVar(&o.certFile, "tls-cert-file", "", "serving certificate of the kubelet API, read again when it changes; empty: a self-signed one")
	f.StringVar(&o.keyFile, "tls-private-key-file", "", "its private key")
	f.StringVar(&o.clientCAFile, "client-ca-file", "", "authorities of client certificates for the kubelet API; empty: bearer tokens only")
	f.BoolVar(&o.leaderElect, "leader-elect", false, "let one of several replicas work")
	f.StringVar(&o.leaderElectNamespace, "leader-elect-namespace", "ebb-system", "namespace of the leader election's lease")
	f.StringVar(&o.metricsAddress, "metrics-bind-address", ":8080", "where to serve metrics; 0: nowhere")
	f.StringVar(&o.healthAddress, "health-probe-bind-address", ":8081", "where to serve /healthz and /readyz; 0: nowhere")
	f.StringVar(&o.pprofAddress, "pprof-bind-address", "0", "where to serve profiles of this process; 0: nowhere")
	f.StringVar(&o.logLevel, "log-level", "info", "error, warn, info, debug or trace")
	f.StringVar(&o.logFormat, "log-format", formatText, formatText+" or "+formatJSON)
	f.StringVar(&o.profile, "profile-configmap", "kube-system/eci-profile", "ConfigMap with the cluster's defaults for pods, namespace/name; empty: none")
	f.DurationVar(&o.orphanGrace, "orphan-grace", 2*time.Minute, "how long a container group without a pod is left alone")
	f.IntVar(&o.podWorkers, "pod-workers", 64, "how many creates, and how many other pod operations, are under way at once")
	f.StringVar(&o.podQueueLimiter, "pod-queue-limiter", limiterEbb,
		limiterEbb+": no limit but the cloud's quota; "+limiterStock+": virtual-kubelet's own, 10 pods a second after 100 (for comparison)")
}

func (o *options) addNode(f *pflag.FlagSet) {
	f.StringVar(&o.nodeName, "node-name", "ebb", "name of the node")
	f.StringVar(&o.nodeIP, "node-ip", "", "address at which the API server reaches this process; empty: the first one of this machine")
	f.IntVar(&o.kubeletPort, "kubelet-port", 10250, "port of the kubelet API")
	f.StringVar(&o.nodeCPU, "node-cpu", "1000", "CPUs that the scheduler may use")
	f.StringVar(&o.nodeMemory, "node-memory", "4Ti", "memory that the scheduler may use")
	f.StringVar(&o.nodeStorage, "node-ephemeral-storage", "30Ti", "ephemeral storage that the scheduler may use")
	f.Int64Var(&o.nodePods, "node-pods", 1000, "how many pods the scheduler may place here")
	f.Int64Var(&o.nodeGPUs, "node-gpu", 0, "GPUs (nvidia.com/gpu) that the scheduler may use; 0: no pod with GPUs")
	f.StringVar(&o.nodeArch, "node-arch", "amd64", "architecture of the pods: amd64 or arm64")
	f.StringToStringVar(&o.nodeLabels, "node-label", nil, "label of the node, key=value; repeatable")
	f.StringArrayVar(&o.nodeTaints, "node-taint", nil, "taint of the node, key=value:effect; repeatable")
	f.BoolVar(&o.disableTaint, "disable-taint", false, "leave out the taint virtual-kubelet.io/provider=alibabacloud:NoSchedule")
}

func (o *options) addCloud(f *pflag.FlagSet) {
	f.StringVar(&o.region, "region", "", "region of the container groups, such as cn-hangzhou (required)")
	f.StringVar(&o.zone, "zone", "", "zone of the container groups and of the node's label; empty: the vSwitch decides, and the node has no such label")
	f.StringSliceVar(&o.vSwitches, "vswitch", nil, "vSwitch of the container groups; repeatable or comma separated")
	f.StringVar(&o.securityGroup, "security-group", "", "security group of the container groups")
	f.StringVar(&o.resourceGroup, "resource-group", "", "resource group of the container groups")
	f.StringVar(&o.endpoint, "eci-endpoint", "", "URL of ECI; empty: the region's")
	f.StringVar(&o.ecsEndpoint, "ecs-endpoint", "", "URL of ECS; empty: the region's")
	f.BoolVar(&o.vpcEndpoint, "vpc-endpoint", false, "use the addresses of ECI, ECS, SLB and STS that are reached from inside a VPC")
	f.StringVar(&o.clusterID, "cluster-id", "", "name of the cluster, unique in the cloud account; it marks the container groups (required)")
	f.StringSliceVar(&o.clusterDNS, "cluster-dns", nil, "address of the cluster's DNS service; repeatable or comma separated")
	f.StringVar(&o.clusterDomain, "cluster-domain", "cluster.local", "domain of the cluster")
	f.StringVar(&o.apiServerHost, "pod-apiserver-host", "", "address of the API server for pods; empty: that of the service default/kubernetes")
	f.IntVar(&o.apiServerPort, "pod-apiserver-port", 6443, "port of the API server for pods, with --pod-apiserver-host")
	f.StringVar(&o.cloudQuota, "cloud-quota", quotaDocumented,
		quotaDocumented+": keep to the documented request quotas; "+quotaLifted+": no limit on this side")
	f.StringVar(&o.priceCurrency, "price-currency", "CNY", "currency of the cloud account's prices: CNY or USD")
}

// complete checks the flags and fills in what depends on others.
func (o *options) complete() error {
	var errs []error
	fail := func(format string, args ...any) { errs = append(errs, fmt.Errorf(format, args...)) }
	if o.region == "" {
		fail("--region is required")
	}
	if strings.TrimSpace(o.clusterID) == "" {
		fail("--cluster-id is required, and must differ from that of every other cluster in the cloud account: " +
			"two nodes that share it and their name would delete each other's container groups as orphans")
	}
	if (o.certFile == "") != (o.keyFile == "") {
		fail("--tls-cert-file and --tls-private-key-file go together")
	}
	for _, choice := range []struct{ flag, has, a, b string }{
		{"cloud-quota", o.cloudQuota, quotaDocumented, quotaLifted},
		{"pod-queue-limiter", o.podQueueLimiter, limiterEbb, limiterStock},
		{"log-format", o.logFormat, formatText, formatJSON},
		{"node-arch", o.nodeArch, "amd64", "arm64"},
	} {
		if choice.has != choice.a && choice.has != choice.b {
			fail("--%s: %q is neither %s nor %s", choice.flag, choice.has, choice.a, choice.b)
		}
	}
	if o.nodeGPUs < 0 {
		fail("--node-gpu: %d is less than 0", o.nodeGPUs)
	}
	if o.podWorkers < 1 {
		fail("--pod-workers: %d is less than 1", o.podWorkers)
	}
	if _, err := logrus.ParseLevel(o.logLevel); err != nil {
		fail("--log-level: %w", err)
	}
	if o.nodeIP == "" {
		o.nodeIP = firstAddress()
	}
	if net.ParseIP(o.nodeIP) == nil {
		fail("--node-ip: %q is not an address", o.nodeIP)
	}
	errs = append(errs, o.gateway.check()...)
	if err := o.checkProfile(); err != nil {
		errs = append(errs, err)
	}
	if _, err := o.spec(); err != nil {
		errs = append(errs, err)
	}
	return errors.Join(errs...)
}

// spec is the node that the flags describe.
func (o *options) spec() (node.Spec, error) {
	s := node.Spec{
		Name: o.nodeName, InternalIP: o.nodeIP, KubeletPort: int32(o.kubeletPort), KubeletVersion: kubeletVersion(),
		Region: o.region, Zone: o.zone, Architecture: o.nodeArch, Pods: o.nodePods, GPUs: o.nodeGPUs, Labels: o.nodeLabels,
	}
	for _, amount := range []struct {
		flag, text string
		to         *resource.Quantity
	}{
		{"node-cpu", o.nodeCPU, &s.CPU},
		{"node-memory", o.nodeMemory, &s.Memory},
		{"node-ephemeral-storage", o.nodeStorage, &s.EphemeralStorage},
	} {
		q, err := resource.ParseQuantity(amount.text)
		if err != nil {
			return s, fmt.Errorf("--%s: %q is not a quantity", amount.flag, amount.text)
		}
		*amount.to = q
	}
	if !o.disableTaint {
		s.Taints = append(s.Taints, node.DefaultTaint())
	}
	for _, text := range o.nodeTaints {
		t, err := parseTaint(text)
		if err != nil {
			return s, err
		}
		s.Taints = append(s.Taints, t)
	}
	return s, nil
}

// parseTaint reads key=value:effect or key:effect.
func parseTaint(text string) (corev1.Taint, error) {
	pair, effect, ok := strings.Cut(text, ":")
	key, value, _ := strings.Cut(pair, "=")
	t := corev1.Taint{Key: key, Value: value, Effect: corev1.TaintEffect(effect)}
	switch t.Effect {
	case corev1.TaintEffectNoSchedule, corev1.TaintEffectPreferNoSchedule, corev1.TaintEffectNoExecute:
		if ok && key != "" {
			return t, nil
		}
	}
	return t, fmt.Errorf("--node-taint: %q is not key=value:NoSchedule, PreferNoSchedule or NoExecute", text)
}

// firstAddress is an address of this machine that others can reach; IPv4 comes
// first.
func firstAddress() string {
	addresses, err := net.InterfaceAddrs()
	if err != nil {
		return ""
	}
	found := ""
	for _, a := range addresses {
		n, ok := a.(*net.IPNet)
		if !ok || !n.IP.IsGlobalUnicast() {
			continue
		}
		if n.IP.To4() != nil {
			return n.IP.String()
		}
		if found == "" {
			found = n.IP.String()
		}
	}
	return found
}
