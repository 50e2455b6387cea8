package resolve

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"

	corev1 "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"

	"github.com/ebb-node/ebb/eci"
)

// pullSecrets reads the credentials of imagePullSecrets. As with a kubelet a
// secret that is missing or malformed is only noted, since the image may be
// public; one that could not be read makes the pod wait.
func (r *resolver) pullSecrets() {
	for i, ref := range r.pod.Spec.ImagePullSecrets {
		field := fmt.Sprintf("spec.imagePullSecrets[%d]", i)
		name := objectName{kindSecret, ref.Name}
		o := r.fetch(name)
		if apierrors.IsNotFound(o.err) {
			r.pullNote(ref.Name, "not found")
			continue
		}
		if o.err != nil {
			r.wait(field, ReasonPullSecret, fmt.Errorf("reading %s: %w", name, o.err))
			continue
		}
		r.addCredentials(ref.Name, o)
	}
}

func (r *resolver) pullNote(secret, what string) {
	r.note(Warning(ReasonPullSecret, fmt.Sprintf("image pull secret %q: %s; the pull is tried without it", secret, what)))
}

// addCredentials adds the entries of one secret; the first secret that names
// a registry wins.
func (r *resolver) addCredentials(secret string, o object) {
	entries, err := registryEntries(o)
	if err != nil {
		r.pullNote(secret, err.Error())
		return
	}
	for _, server := range slices.Sorted(maps.Keys(entries)) {
		user, password, ok := entries[server].login()
		host := registryHost(server)
		if !ok {
			r.pullNote(secret, fmt.Sprintf("entry %q has no user name and password", host))
			continue
		}
		if !slices.ContainsFunc(r.out.Credentials, func(c eci.RegistryCredential) bool { return c.Server == host }) {
			r.out.Credentials = append(r.out.Credentials, eci.RegistryCredential{Server: host, UserName: user, Password: password})
		}
	}
}

// registryEntry is the login of one registry in a Docker configuration.
type registryEntry struct {
	UserName string `json:"username"`
	Password string `json:"password"`
	Auth     string `json:"auth"` // base64 of username:password
}

// registryEntries parses a secret of type kubernetes.io/dockerconfigjson or
// kubernetes.io/dockercfg. Its errors don't repeat what they parsed.
func registryEntries(o object) (map[string]registryEntry, error) {
	if text, ok := o.text[corev1.DockerConfigJsonKey]; ok {
		var config struct {
			Auths map[string]registryEntry `json:"auths"`
		}
		if json.Unmarshal([]byte(text), &config) != nil {
			return nil, fmt.Errorf("key %s is not a Docker configuration", corev1.DockerConfigJsonKey)
		}
		return config.Auths, nil
	}
	text, ok := o.text[corev1.DockerConfigKey]
	if !ok {
		return nil, fmt.Errorf("has neither key %s nor %s", corev1.DockerConfigJsonKey, corev1.DockerConfigKey)
	}
	var entries map[string]registryEntry
	if json.Unmarshal([]byte(text), &entries) != nil {
		return nil, fmt.Errorf("key %s is not a Docker configuration", corev1.DockerConfigKey)
	}
	return entries, nil
}

// login returns user name and password; auth wins, as with Docker.
func (e registryEntry) login() (user, password string, ok bool) {
	if e.Auth == "" {
		return e.UserName, e.Password, e.UserName != "" && e.Password != ""
	}
	plain, err := base64.StdEncoding.DecodeString(e.Auth)
	if err != nil {
		return "", "", false
	}
	user, password, ok = strings.Cut(strings.TrimRight(string(plain), "\x00"), ":")
	return user, password, ok && user != "" && password != ""
}

// registryHost reduces what a Docker configuration calls a registry, such as
// https://index.docker.io/v1/, to what ECI calls it.
func registryHost(server string) string {
	server = strings.TrimPrefix(strings.TrimPrefix(server, "https://"), "http://")
	server = strings.TrimRight(server, "/")
	return strings.TrimSuffix(strings.TrimSuffix(server, "/v1"), "/v2")
}
