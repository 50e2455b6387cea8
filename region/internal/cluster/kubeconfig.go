package cluster

import (
	"k8s.io/client-go/tools/clientcmd"
	"k8s.io/client-go/tools/clientcmd/api"

	"github.com/ebb-node/ebb/region/internal/layout"
)

// writeUserConfig writes a kubeconfig that logs in with a client certificate.
func writeUserConfig(l layout.Layout, path, server, user string) error {
	return writeConfig(l, path, server, api.AuthInfo{
		ClientCertificate: l.PKI(user + ".crt"),
		ClientKey:         l.PKI(user + ".key"),
	})
}

// WriteAdminConfig writes the administrator's kubeconfig for a server address
// that is reached from the host.
func WriteAdminConfig(l layout.Layout, server string) error {
	return writeUserConfig(l, l.Kubeconfig(), server, "admin")
}

// WriteTokenConfig writes a kubeconfig that logs in with a bearer token, for
// use inside of the region.
func WriteTokenConfig(l layout.Layout, path, token string) error {
	return writeConfig(l, path, "https://"+APIServer, api.AuthInfo{Token: token})
}

func writeConfig(l layout.Layout, path, server string, user api.AuthInfo) error {
	const name = "ebb-region"
	return clientcmd.WriteToFile(api.Config{
		Clusters:       map[string]*api.Cluster{name: {Server: server, CertificateAuthority: l.PKI("ca.crt")}},
		AuthInfos:      map[string]*api.AuthInfo{name: &user},
		Contexts:       map[string]*api.Context{name: {Cluster: name, AuthInfo: name}},
		CurrentContext: name,
	}, path)
}
