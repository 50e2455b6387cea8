package cluster

import (
	"fmt"
	"strings"
)

// nodeService are a Service of what runs beside the cluster, and its endpoint. No
// selector finds that, so that it is written down: the bridge, at the same ports.
// A port is written as in YAML, such as {name: dns, port: 53}.
func nodeService(namespace, name, clusterIP string, ports ...string) string {
	return fmt.Sprintf(`
apiVersion: v1
kind: Service
metadata: {name: %[2]s, namespace: %[1]s}
spec:
  clusterIP: %[3]s
  ports: [%[4]s]
---
apiVersion: discovery.k8s.io/v1
kind: EndpointSlice
metadata:
  name: %[2]s-bridge
  namespace: %[1]s
  labels: {kubernetes.io/service-name: %[2]s}
addressType: IPv4
endpoints:
- addresses: [%[5]s]
  conditions: {ready: true}
ports: [%[4]s]
`, namespace, name, clusterIP, strings.Join(ports, ", "), NodeIP)
}
