package cluster

import (
	"crypto/rand"
	"encoding/hex"
	"os"
	"strings"

	"github.com/ebb-node/ebb/region/internal/layout"
	"github.com/ebb-node/ebb/region/internal/supervise"
)

// AccessKey is a pair that the mock cloud accepts and ebb signs with.
type AccessKey struct {
	ID     string
	Secret string
}

// NewAccessKey makes a pair for one boot, and leaves it where other clients of
// the mock cloud find it.
func NewAccessKey(l layout.Layout) (AccessKey, error) {
	var random [20]byte
	_, _ = rand.Read(random[:])
	text := hex.EncodeToString(random[:])
	key := AccessKey{ID: "LTAI" + text[:16], Secret: text[16:]}
	return key, os.WriteFile(l.AccessKey(), []byte(strings.Join(key.env(), "\n")+"\n"), 0o600)
}

// env is the pair as Alibaba Cloud's tools read it.
func (k AccessKey) env() []string {
	return []string{"ALIBABA_CLOUD_ACCESS_KEY_ID=" + k.ID, "ALIBABA_CLOUD_ACCESS_KEY_SECRET=" + k.Secret}
}

// MirroredRegistries are public registries whose images come from the region's
// own.
var MirroredRegistries = []string{"docker.io", "registry.k8s.io", "registry.cn-hangzhou.aliyuncs.com"}

// MockCloud is the cloud of the region.
func MockCloud(l layout.Layout, key AccessKey, rootless bool, extra []string) supervise.Process {
	flags := []string{
		"--listen=" + Cloud,
		"--tls-cert-file=" + l.PKI("cloud.crt"),
		"--tls-private-key-file=" + l.PKI("cloud.key"),
		"--admin-listen=" + CloudAdmin,
		"--region=" + Region,
		"--vswitch=" + strings.Join([]string{VSwitch, Zone, PodCIDR}, "="),
		"--security-group=" + SecurityGroup,
		"--slb-internet-range=" + Internet,
		"--slb-intranet-range=" + Intranet,
		"--ecs-instance=" + Instance + "=" + NodeIP,
		"--slb-forward",
		"--runtime=runc",
		"--state-dir=" + l.Cache("runtime"),
		"--bridge=" + Bridge,
		"--gateway=" + Gateway,
		"--plain-http-registry=" + Registry,
		"--cgroup-parent=" + l.CgroupParent(),
	}
	for _, registry := range MirroredRegistries {
		flags = append(flags, "--registry-mirror="+registry+"="+Registry)
	}
	if rootless {
		flags = append(flags, "--rootless")
	}
	return supervise.Process{
		Name: "mockcloud",
		Path: l.Bin("mockcloud"),
		Args: append(flags, extra...),
		Env:  []string{"MOCKCLOUD_ACCESS_KEY_ID=" + key.ID, "MOCKCLOUD_ACCESS_KEY_SECRET=" + key.Secret},
		Log:  l.Log("mockcloud"),
	}
}

// Ebb is the product, as a Deployment would run it: restarted when it ends,
// with the rights of its own service account only.
func Ebb(l layout.Layout, key AccessKey, kubeconfig string, extra []string) supervise.Process {
	flags := []string{
		"run",
		"--kubeconfig=" + kubeconfig,
		"--node-name=" + NodeName,
		"--node-ip=" + NodeIP,
		"--kubelet-port=" + KubeletPort,
		"--region=" + Region,
		"--zone=" + Zone,
		"--vswitch=" + VSwitch,
		"--security-group=" + SecurityGroup,
		"--eci-endpoint=https://" + Cloud,
		"--ecs-endpoint=https://" + Cloud,
		"--slb-endpoint=https://" + Cloud,
		"--relay-port=" + RelayPort,
		"--cluster-id=region",
		"--cluster-dns=" + DNSIP,
		"--cluster-domain=" + DNSDomain,
		"--disable-taint",
		"--tls-cert-file=" + l.PKI("kubelet.crt"),
		"--tls-private-key-file=" + l.PKI("kubelet.key"),
		"--client-ca-file=" + l.PKI("ca.crt"),
		"--metrics-bind-address=" + EbbMetrics,
		"--health-probe-bind-address=" + EbbHealth,
	}
	return supervise.Process{
		Name:    "ebb",
		Path:    l.Bin("ebb"),
		Args:    append(flags, extra...),
		Env:     append(key.env(), "SSL_CERT_FILE="+l.PKI("ca.crt")),
		Log:     l.Log("ebb"),
		Restart: true,
	}
}
