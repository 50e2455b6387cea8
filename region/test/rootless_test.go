package test

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

// nobody is an unprivileged user that every system has.
const nobody = 65534

// TestRegionWithoutRoot boots a region as an ordinary user and runs the coffee
// shop in it. A test run that has no root itself has shown this already.
func TestRegionWithoutRoot(t *testing.T) {
	var user *syscall.Credential
	if os.Geteuid() == 0 {
		user = &syscall.Credential{Uid: nobody, Gid: nobody}
	}
	dir := ownCopy(t)
	rootless, err := bootRegion(filepath.Join(dir, "region"), dir, user)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := rootless.end(syscall.SIGTERM); err != nil {
			t.Error(err)
		}
	})
	for _, loss := range []string{"no cgroups", "one user id"} {
		if !strings.Contains(strings.Join(rootless.lines(), "\n"), loss) {
			t.Errorf("the region does not say %q: %q", loss, rootless.lines())
		}
	}
	rootless.kubectl(t, "apply", "-f", filepath.Join(region.Source, "examples/coffee/deployment.yaml"))
	rootless.kubectl(t, "rollout", "status", "deployment/coffee", "--timeout=60s")
	said := rootless.kubectl(t, "exec", "deployment/coffee", "--", "sh", "-c", "wget -qO- http://coffee.default.svc.cluster.local")
	if said != "Hello Coffee!\n" {
		t.Errorf("the Service answers %q", said)
	}
}

// ownCopy puts what a region needs into a directory of the ordinary user, who
// need not be able to read the checkout.
func ownCopy(t *testing.T) string {
	t.Helper()
	dir, err := os.MkdirTemp("", "ebb-rootless-")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(dir) })
	for _, args := range [][]string{
		{"mkdir", "-p", dir + "/bin", dir + "/region"},
		{"cp", region.Source + "/bin/region", dir + "/bin/"},
		{"cp", "-r", region.Source + "/manifests", dir},
		{"cp", "-rL", region.Source + "/.region/bin", dir + "/region/bin"},
		{"chmod", "-R", "a+rX", dir},
	} {
		if output, err := exec.Command(args[0], args[1:]...).CombinedOutput(); err != nil {
			t.Fatalf("%v: %v: %s", args, err, output)
		}
	}
	if os.Geteuid() == 0 {
		if err := filepath.WalkDir(dir, func(path string, _ os.DirEntry, err error) error {
			if err != nil {
				return err
			}
			return os.Lchown(path, nobody, nobody)
		}); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}
