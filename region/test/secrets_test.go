package test

import (
	"bytes"
	"encoding/base64"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestLogsKeepSecrets runs pods that use secrets in every way there is, and
// then looks for their values, and for the access key's, in all logs. The
// region's ebb logs at debug level.
func TestLogsKeepSecrets(t *testing.T) {
	const value, password = "sesame-0b5d2c7e41", "hunter-77ae10c2d9"
	region.kubectl(t, "create", "secret", "generic", "locked", "--from-literal=word="+value)
	region.kubectl(t, "create", "secret", "docker-registry", "pull", "--docker-server=registry.example", "--docker-username=someone", "--docker-password="+password)
	region.kubectl(t, "apply", "-f", "testdata/secrets.yaml")
	t.Cleanup(func() { _, _ = region.tryKubectl("delete", "--wait=false", "-f", "testdata/secrets.yaml") })
	region.kubectl(t, "wait", "--for=condition=Ready", "pod/keeper", "--timeout=60s")
	said := region.kubectl(t, "exec", "keeper", "--", "sh", "-c", "echo $WORD; cat /secret/word")
	if said != value+"\n"+value {
		t.Fatalf("the pod has its secret as %q", said)
	}

	logs, err := filepath.Glob(region.Log("*"))
	if err != nil || len(logs) < 5 {
		t.Fatalf("only %d logs to look at (%v)", len(logs), err)
	}
	secrets := []string{value, password, accessKeySecret(t)}
	for _, path := range logs {
		log, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		for _, secret := range secrets {
			if at := bytes.Index(log, []byte(secret)); at >= 0 {
				t.Errorf("%s has a secret in it, after %q", filepath.Base(path), log[max(0, at-80):at])
			}
			if bytes.Contains(log, []byte(base64.StdEncoding.EncodeToString([]byte(secret)))) {
				t.Errorf("%s has an encoded secret in it", filepath.Base(path))
			}
		}
	}
}

func accessKeySecret(t *testing.T) string {
	t.Helper()
	text, err := os.ReadFile(region.AccessKey())
	if err != nil {
		t.Fatal(err)
	}
	_, after, found := strings.Cut(string(text), "ALIBABA_CLOUD_ACCESS_KEY_SECRET=")
	if !found {
		t.Fatalf("%s names no secret", region.AccessKey())
	}
	return strings.TrimSpace(after)
}
