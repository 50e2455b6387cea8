// Kubeletproxy stands in for the pod that virtual-kubelet's suite expects: one
// that is named like the node and serves the kubelet API to anybody. It passes
// requests on to the node's kubelet API, which wants to know its callers, with
// the token of its own service account.
package main

import (
	"crypto/tls"
	"crypto/x509"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"os"
)

const account = "/var/run/secrets/kubernetes.io/serviceaccount/"

func main() {
	token, err := os.ReadFile(account + "token")
	if err != nil {
		log.Fatal(err)
	}
	authority, err := os.ReadFile(account + "ca.crt")
	if err != nil {
		log.Fatal(err)
	}
	roots := x509.NewCertPool()
	roots.AppendCertsFromPEM(authority)
	kubelet := &url.URL{Scheme: "https", Host: net.JoinHostPort(os.Getenv("HOST_IP"), "10250")}

	server := httptest.NewUnstartedServer(&httputil.ReverseProxy{
		Rewrite: func(r *httputil.ProxyRequest) {
			r.SetURL(kubelet)
			r.Out.Header.Set("Authorization", "Bearer "+string(token))
		},
		Transport: &http.Transport{TLSClientConfig: &tls.Config{RootCAs: roots}},
	})
	if server.Listener, err = net.Listen("tcp", ":10250"); err != nil {
		log.Fatal(err)
	}
	server.StartTLS()
	select {}
}
