package cluster

// RelayObjects are the Service whose endpoints are the relay's replicas. ebb
// runs beside the cluster here, so that no selector finds it.
const RelayObjects = `
apiVersion: v1
kind: Service
metadata: {name: ebb-relay, namespace: ebb-system}
spec:
  clusterIP: None
  ports:
  - {name: internet-plain, port: ` + RelayPort + `}
---
apiVersion: discovery.k8s.io/v1
kind: EndpointSlice
metadata:
  name: ebb-relay-machine
  namespace: ebb-system
  labels: {kubernetes.io/service-name: ebb-relay}
addressType: IPv4
endpoints:
- addresses: [` + NodeIP + `]
  conditions: {ready: true}
ports:
- {name: internet-plain, port: ` + RelayPort + `}
`
