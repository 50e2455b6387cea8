// Package cluster knows how each component of the region is started: its
// flags, its kubeconfig, and the addresses they agree on.
package cluster

// The region's address plan. The prefixes are kubeadm's usual ones.
const (
	Bridge        = "br0"
	Gateway       = "10.244.0.1/16"
	NodeIP        = "10.244.0.1"
	PodCIDR       = "10.244.0.0/16"
	ServiceCIDR   = "10.96.0.0/16"
	KubernetesIP  = "10.96.0.1"
	DNSIP         = "10.96.0.10"
	DNSDomain     = "cluster.local"
	APIServerPort = "6443"
	KubeletPort   = "10250"
	EtcdURL       = "http://127.0.0.1:2379"

	// APIServer is where the API server is reached inside of the region.
	APIServer = NodeIP + ":" + APIServerPort
	// Registry is the address of the region's OCI registry.
	Registry = NodeIP + ":5000"
	// Cloud is the address of the mock cloud's API.
	Cloud = NodeIP + ":8443"
	// CloudAdmin is the address of the mock cloud's admin endpoint.
	CloudAdmin = "127.0.0.1:8444"
	// Internet is the range of the internet load balancers' addresses. They are
	// local to the sandbox, and the host reaches port 80 of the first.
	Internet          = "10.98.0.0/24"
	FirstLoadBalancer = "10.98.0.1:80"
	// Intranet is the range of the load balancers' addresses inside the VPC.
	Intranet = "10.97.0.0/24"
	// Instance is the machine that ebb runs on, as the cloud knows it.
	Instance = "i-ebb"
	// RelayPort is the first of ebb's relay.
	RelayPort = "8870"
	// EbbMetrics is the address of ebb's metrics.
	EbbMetrics = "127.0.0.1:8445"
	// EbbHealth is the address of ebb's health checks.
	EbbHealth = "127.0.0.1:8446"

	// NodeName is the virtual node's.
	NodeName = "ebb"
	// EbbUser is ebb's service account, as the API server names it.
	EbbUser = "system:serviceaccount:ebb-system:ebb"
	// Region and Zone are real ones, so that annotations look as they do there.
	Region = "cn-hangzhou"
	Zone   = "cn-hangzhou-i"
	// VSwitch spans the pod range, in Zone.
	VSwitch       = "vsw-region"
	SecurityGroup = "sg-region"
)
