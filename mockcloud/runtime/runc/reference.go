package runc

import (
	"net/url"
	"slices"
	"strings"

	"github.com/google/go-containerregistry/pkg/authn"
	"github.com/google/go-containerregistry/pkg/name"

	"github.com/ebb-node/ebb/mockcloud/runtime"
)

// dockerHub is the registry of images that name none; its API has another
// address than its name.
const (
	dockerHub    = "docker.io"
	dockerHubAPI = "index.docker.io"
)

// registryName is how people write a registry that clients have rewritten.
func registryName(host string) string {
	if host == dockerHubAPI {
		return dockerHub
	}
	return host
}

// parseImage understands an image's name, and answers where it is pulled from.
func parseImage(image string, mirrors map[string]string, plain []string) (asked, from name.Reference, err error) {
	if asked, err = name.ParseReference(image); err != nil {
		return nil, nil, err
	}
	host := registryName(asked.Context().RegistryStr())
	if mirror := mirrors[host]; mirror != "" {
		host = mirror
	}
	var options []name.Option
	if slices.Contains(plain, host) {
		options = append(options, name.Insecure)
	}
	if host == dockerHub {
		host = dockerHubAPI
	}
	separator := ":"
	if _, isDigest := asked.(name.Digest); isDigest {
		separator = "@"
	}
	from, err = name.ParseReference(host+"/"+asked.Context().RepositoryStr()+separator+asked.Identifier(), options...)
	return asked, from, err
}

// authenticator finds the credential for a registry.
func authenticator(registry string, credentials []runtime.Credential) authn.Authenticator {
	for _, c := range credentials {
		if credentialHost(c.Server) == registryName(registry) {
			return authn.FromConfig(authn.AuthConfig{Username: c.UserName, Password: c.Password})
		}
	}
	return authn.Anonymous
}

// credentialHost is the registry that a credential's server means: it may be
// a host or a URL such as https://index.docker.io/v1/.
func credentialHost(server string) string {
	if strings.Contains(server, "://") {
		if u, err := url.Parse(server); err == nil {
			return registryName(u.Host)
		}
	}
	host, _, _ := strings.Cut(server, "/")
	return registryName(host)
}
