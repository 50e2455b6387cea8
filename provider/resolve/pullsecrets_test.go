package resolve

import (
	"context"
	"encoding/base64"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	corev1 "k8s.io/api/core/v1"

	"github.com/ebb-node/ebb/eci"
)

func pullSecret(key, content string) *corev1.Secret {
	return &corev1.Secret{Data: map[string][]byte{key: []byte(content)}}
}

func TestPullSecrets(t *testing.T) {
	auth := base64.StdEncoding.EncodeToString([]byte("carol:pass:word"))
	c := testCluster()
	c.secrets = map[string]*corev1.Secret{
		"json": pullSecret(".dockerconfigjson", `{"auths":{"https://index.docker.io/v1/":{"username":"alice","password":"pa"},"reg.example:5000":{"auth":"`+auth+`"}}}`),
		"cfg":  pullSecret(".dockercfg", `{"http://old.example/v2/":{"username":"bob","password":"pb"}}`),
		"twin": pullSecret(".dockerconfigjson", `{"auths":{"index.docker.io":{"username":"eve","password":"pe"}}}`),
		"half": pullSecret(".dockerconfigjson", `{"auths":{"a.example":{"username":"x"},"b.example":{"auth":"!"},"c.example":{"identitytoken":"t"}}}`),
		"bad":  pullSecret(".dockerconfigjson", `{"auths": hunter2`),
		"type": pullSecret("other", "x"),
	}
	docker := eci.RegistryCredential{Server: "index.docker.io", UserName: "alice", Password: "pa"}
	own := eci.RegistryCredential{Server: "reg.example:5000", UserName: "carol", Password: "pass:word"}
	old := eci.RegistryCredential{Server: "old.example", UserName: "bob", Password: "pb"}
	for name, tc := range map[string]struct {
		secrets []string
		want    []eci.RegistryCredential
		notes   int
	}{
		"none":             {},
		"dockerconfigjson": {secrets: []string{"json"}, want: []eci.RegistryCredential{docker, own}},
		"dockercfg":        {secrets: []string{"cfg"}, want: []eci.RegistryCredential{old}},
		"first one wins":   {secrets: []string{"json", "twin", "cfg"}, want: []eci.RegistryCredential{docker, own, old}},
		"incomplete":       {secrets: []string{"half"}, notes: 3},
		"malformed":        {secrets: []string{"bad"}, notes: 1},
		"another type":     {secrets: []string{"type"}, notes: 1},
		"missing":          {secrets: []string{"none", "cfg"}, want: []eci.RegistryCredential{old}, notes: 1},
	} {
		t.Run(name, func(t *testing.T) {
			pod := coffeePod()
			for _, s := range tc.secrets {
				pod.Spec.ImagePullSecrets = append(pod.Spec.ImagePullSecrets, ref(s))
			}
			out, notes := resolved(t, c, pod, testNode)
			if d := cmp.Diff(tc.want, out.Credentials); d != "" {
				t.Errorf("credentials (-want +got):\n%s", d)
			}
			if len(notes) != tc.notes {
				t.Errorf("notes %v, want %d", notes, tc.notes)
			}
			for _, n := range notes {
				if n.Reason != ReasonPullSecret || strings.Contains(n.Message, "hunter2") {
					t.Errorf("note %v", n)
				}
			}
		})
	}
}

func TestPullSecretBroken(t *testing.T) {
	c := testCluster()
	c.broken = map[string]bool{"till": true}
	pod := coffeePod()
	pod.Spec.ImagePullSecrets = []corev1.LocalObjectReference{ref("till")}
	_, _, err := Resolve(context.Background(), pod, c.getters(), testNode)
	want := []problem{{Field: "spec.imagePullSecrets[0]", Reason: ReasonPullSecret}}
	if d := cmp.Diff(want, problems(err)); d != "" {
		t.Errorf("(-want +got):\n%s", d)
	}
}

func FuzzRegistryEntries(f *testing.F) {
	f.Add(`{"auths":{"a":{"auth":"YTpi"}}}`)
	f.Add(`{"auths":null}`)
	f.Fuzz(func(t *testing.T, text string) {
		for _, key := range []string{corev1.DockerConfigJsonKey, corev1.DockerConfigKey} {
			entries, err := registryEntries(object{text: map[string]string{key: text}})
			for server, e := range entries {
				user, password, ok := e.login()
				if ok && (user == "" || password == "") {
					t.Errorf("entry %q counts as complete", server)
				}
				if host := registryHost(server); len(host) > len(server) {
					t.Errorf("server %q becomes %q", server, host)
				}
			}
			if err != nil && text != "" && len(text) > 20 && strings.Contains(err.Error(), text) {
				t.Errorf("the error repeats the secret: %v", err)
			}
		}
	})
}
