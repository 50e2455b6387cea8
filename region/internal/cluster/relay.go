package cluster

// RelayObjects are the headless Service whose endpoints are the relay's
// replicas.
var RelayObjects = nodeService("ebb-system", "ebb-relay", "None",
	"{name: internet-plain, port: "+RelayPort+", protocol: TCP}")
