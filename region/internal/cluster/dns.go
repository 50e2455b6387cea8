package cluster

import (
	"fmt"
	"os"

	"github.com/ebb-node/ebb/region/internal/layout"
	"github.com/ebb-node/ebb/region/internal/supervise"
)

const corefile = `.:53 {
    errors
    kubernetes %s in-addr.arpa {
        kubeconfig %s
        pods insecure
        ttl 5
    }
    cache 5
}
`

// CoreDNS serves the cluster's names on the bridge; the Service kube-dns
// leads there.
func CoreDNS(l layout.Layout) (supervise.Process, error) {
	file := l.Run("Corefile")
	text := fmt.Sprintf(corefile, DNSDomain, l.Run("system:coredns.kubeconfig"))
	err := os.WriteFile(file, []byte(text), 0o644)
	return component(l, "coredns", "-conf="+file), err
}

// DNSObjects are the Service that pods ask for names, and what CoreDNS may
// read.
var DNSObjects = nodeService("kube-system", "kube-dns", DNSIP,
	"{name: dns, port: 53, protocol: UDP}", "{name: dns-tcp, port: 53, protocol: TCP}") + `
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata: {name: "system:coredns"}
rules:
- apiGroups: [""]
  resources: [services, pods, namespaces]
  verbs: [list, watch]
- apiGroups: [discovery.k8s.io]
  resources: [endpointslices]
  verbs: [list, watch]
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRoleBinding
metadata: {name: "system:coredns"}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: "system:coredns"}
subjects:
- {apiGroup: rbac.authorization.k8s.io, kind: User, name: "system:coredns"}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRoleBinding
metadata: {name: "region:kube-proxy"}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: "system:node-proxier"}
subjects:
- {apiGroup: rbac.authorization.k8s.io, kind: User, name: "system:kube-proxy"}
`
