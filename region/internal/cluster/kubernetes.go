package cluster

import (
	"os"

	"github.com/ebb-node/ebb/region/internal/layout"
	"github.com/ebb-node/ebb/region/internal/pki"
	"github.com/ebb-node/ebb/region/internal/supervise"
)

// users of the control plane, and the groups that they are in.
var users = map[string][]string{
	"admin":                          {"system:masters"},
	"system:kube-controller-manager": nil,
	"system:kube-scheduler":          nil,
	"system:kube-proxy":              nil,
	"system:coredns":                 nil,
}

// Credentials makes the certificates of a boot and the kubeconfig of each
// user, for use inside of the region.
func Credentials(l layout.Layout) error {
	ca, err := pki.NewAuthority(l.PKI)
	if err != nil {
		return err
	}
	servers := map[string][]string{
		"apiserver": {KubernetesIP, NodeIP, "127.0.0.1", "localhost", "kubernetes", "kubernetes.default",
			"kubernetes.default.svc", "kubernetes.default.svc." + DNSDomain},
		"kubelet": {NodeIP, NodeName},
		"cloud":   {NodeIP, "127.0.0.1"},
	}
	for name, hosts := range servers {
		if err := ca.Server(name, hosts...); err != nil {
			return err
		}
	}
	if err := ca.KeyPair("service-account"); err != nil {
		return err
	}
	if err := ca.Client("apiserver-kubelet-client", "kube-apiserver-kubelet-client", "system:masters"); err != nil {
		return err
	}
	for user, groups := range users {
		if err := ca.Client(user, user, groups...); err != nil {
			return err
		}
		if err := writeUserConfig(l, l.Run(user+".kubeconfig"), "https://"+APIServer, user); err != nil {
			return err
		}
	}
	return nil
}

// component is a process of the control plane binary.
func component(l layout.Layout, name string, flags ...string) supervise.Process {
	return supervise.Process{
		Name: name,
		Path: l.Bin("controlplane"),
		Args: append([]string{name}, flags...),
		Log:  l.Log(name),
	}
}

// Etcd is the cluster's store.
func Etcd(l layout.Layout) supervise.Process {
	return component(l, "etcd", "--data-dir="+l.Run("etcd"), "--listen-client-url="+EtcdURL)
}

// APIServerProcess is the Kubernetes API. It is reached on the bridge's address,
// since a loopback address means nothing to pods.
// What ebb asks of it is recorded, so that a right that ebb has and never uses
// can be found.
func APIServerProcess(l layout.Layout) (supervise.Process, error) {
	policy := l.Run("audit-policy.yaml")
	if err := os.WriteFile(policy, []byte(auditPolicy), 0o644); err != nil {
		return supervise.Process{}, err
	}
	return component(l, "kube-apiserver",
		"--audit-policy-file="+policy,
		"--audit-log-path="+l.Log("audit"),
		"--etcd-servers="+EtcdURL,
		"--bind-address=0.0.0.0",
		"--secure-port="+APIServerPort,
		"--advertise-address="+NodeIP,
		"--service-cluster-ip-range="+ServiceCIDR,
		"--authorization-mode=Node,RBAC",
		"--allow-privileged=true",
		"--enable-priority-and-fairness=false",
		"--client-ca-file="+l.PKI("ca.crt"),
		"--tls-cert-file="+l.PKI("apiserver.crt"),
		"--tls-private-key-file="+l.PKI("apiserver.key"),
		"--service-account-issuer=https://kubernetes.default.svc."+DNSDomain,
		"--service-account-key-file="+l.PKI("service-account.pub"),
		"--service-account-signing-key-file="+l.PKI("service-account.key"),
		"--kubelet-client-certificate="+l.PKI("apiserver-kubelet-client.crt"),
		"--kubelet-client-key="+l.PKI("apiserver-kubelet-client.key"),
		"--kubelet-certificate-authority="+l.PKI("ca.crt"),
		"--kubelet-preferred-address-types=InternalIP",
		"--profiling=false",
	), nil
}

const auditPolicy = `
apiVersion: audit.k8s.io/v1
kind: Policy
omitStages: [RequestReceived]
rules:
- level: Metadata
  users: ["` + EbbUser + `"]
- level: None
`

// ControllerManager runs all controllers but the one that hands out pod
// ranges, which a virtual node has no use for.
func ControllerManager(l layout.Layout) supervise.Process {
	config := l.Run("system:kube-controller-manager.kubeconfig")
	return component(l, "kube-controller-manager",
		"--kubeconfig="+config,
		"--authentication-kubeconfig="+config,
		"--authorization-kubeconfig="+config,
		"--root-ca-file="+l.PKI("ca.crt"),
		"--service-account-private-key-file="+l.PKI("service-account.key"),
		"--use-service-account-credentials",
		"--controllers=*,-node-ipam-controller",
		"--node-monitor-period=500ms",    // a new node is soon free of its taint
		"--pvclaimbinder-sync-period=1s", // static volumes bind without a wait
		// With the default of 20 a second the controllers take 5 s to start
		// (measured), since each asks for a token first.
		"--kube-api-qps=500",
		"--kube-api-burst=1000",
		"--leader-elect=false",
		"--secure-port=0",
	)
}

// Scheduler binds pods.
func Scheduler(l layout.Layout) supervise.Process {
	config := l.Run("system:kube-scheduler.kubeconfig")
	return component(l, "kube-scheduler",
		"--kube-api-qps=500", // so that it is not what a burst of pods waits for
		"--kube-api-burst=1000",
		"--kubeconfig="+config,
		"--authentication-kubeconfig="+config,
		"--authorization-kubeconfig="+config,
		"--leader-elect=false",
		"--secure-port=0",
	)
}

// Proxy translates ClusterIPs for everything that passes the bridge.
func Proxy(l layout.Layout) supervise.Process {
	return component(l, "kube-proxy",
		"--kubeconfig="+l.Run("system:kube-proxy.kubeconfig"),
		"--proxy-mode=nftables",
		"--cluster-cidr="+PodCIDR,
		"--hostname-override="+NodeName,
		"--bind-address="+NodeIP,
		"--conntrack-max-per-core=0",
		"--conntrack-tcp-timeout-established=0",
		"--conntrack-tcp-timeout-close-wait=0",
		"--healthz-bind-address=",
		"--metrics-bind-address=",
	)
}
