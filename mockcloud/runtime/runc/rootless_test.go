package runc

import (
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
)

// rootlessTests are those that show what matters where only one user exists
// and cgroups can't be written.
var rootlessTests = []string{
	"TestGroupRunsToItsEnd", "TestRemoveLeavesNothing", "TestWhatAContainerSees",
	"TestVolumes", "TestSharedProcesses", "TestReadinessByHTTP", "TestExec", "TestExecOnATerminal", "TestUsage",
	"TestNetwork", "TestKillLeavesNothingAfterTheNextStart",
}

// nobody is a user without rights.
const nobody = 65534

// TestWithoutRoot runs tests again as a user without rights, in a user
// namespace that has only that user.
func TestWithoutRoot(t *testing.T) {
	if oneUser() {
		t.Skip("this is such a namespace already")
	}
	h, err := hub()
	if err != nil {
		t.Fatal(err)
	}
	dir, err := os.MkdirTemp("", "rootless")
	if err != nil {
		t.Fatal(err)
	}
	defer os.RemoveAll(dir)
	self, err := os.ReadFile("/proc/self/exe")
	if err != nil {
		t.Fatal(err)
	}
	tests, app := filepath.Join(dir, "tests"), filepath.Join(dir, "app")
	for file, content := range map[string][]byte{tests: self, app: h.app} {
		if err := os.WriteFile(file, content, 0o755); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Chown(dir, nobody, nobody); err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(tests, "-test.timeout=1m", "-test.run", "^("+strings.Join(rootlessTests, "|")+")$")
	cmd.Dir = dir
	cmd.Env = slices.DeleteFunc(os.Environ(), func(v string) bool { return strings.HasPrefix(v, insideVariable+"=") })
	cmd.Env = append(cmd.Env, appVariable+"="+app, "TMPDIR="+dir, "HOME="+dir)
	cmd.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: nobody, Gid: nobody}}
	output, err := cmd.CombinedOutput()
	if err != nil {
		t.Errorf("%v\n%s", err, output)
	}
	if !strings.Contains(string(output), "PASS") {
		t.Errorf("nothing was tested: %s", output)
	}
}
