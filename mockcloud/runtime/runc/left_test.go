package runc

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/vishvananda/netlink"

	"github.com/ebb-node/ebb/mockcloud/runtime"
)

func describe(all []runtime.Status) string {
	var b strings.Builder
	for _, s := range all {
		fmt.Fprintf(&b, "%s %s %s", s.Phase, s.Reason, s.Message)
		for _, c := range append(append([]runtime.ContainerStatus{}, s.InitContainers...), s.Containers...) {
			fmt.Fprintf(&b, " | %s %s %s code=%d restarts=%d ready=%v %q",
				c.Name, c.Current.State, c.Current.Reason, c.Current.ExitCode, c.RestartCount, c.Ready, c.Current.Message)
		}
		if s.Event != nil {
			fmt.Fprintf(&b, " | %s: %s", s.Event.Reason, s.Event.Message)
		}
		b.WriteString("\n")
	}
	return b.String()
}

// remains lists what is there of the groups of a runtime.
func remains(config Config) []string {
	var all []string
	all = append(all, remainingProcesses()...)
	links, _ := netlink.LinkList()
	for _, l := range links {
		if name := l.Attrs().Name; name != "lo" {
			all = append(all, "link "+name)
		}
	}
	mounts, _ := readMounts("self")
	for _, m := range mounts {
		if strings.HasPrefix(m.path, config.StateDir) {
			all = append(all, "mount "+m.path)
		}
		if strings.HasPrefix(m.fstype, "cgroup") {
			dir := filepath.Join(m.path, config.CgroupParent)
			below, _ := filepath.Glob(dir + "/*/")
			for _, d := range append(below, dir) {
				if exists(d) {
					all = append(all, "cgroup "+d)
				}
			}
		}
	}
	groups, _ := os.ReadDir(filepath.Join(config.StateDir, groupsDir))
	for _, g := range groups {
		all = append(all, "files of group "+g.Name())
	}
	return all
}

// remainingProcesses are all but those of the tests themselves: the namespace
// has no others.
func remainingProcesses() []string {
	var all []string
	for _, pid := range processesOf(func(process) bool { return true }) {
		command, _ := os.ReadFile(process(pid).file("cmdline"))
		state, err := os.ReadFile(process(pid).file("stat"))
		if err == nil { // it is not gone meanwhile
			all = append(all, fmt.Sprintf("process %d %q %.40s", pid, command, state))
		}
	}
	return all
}

func exists(path string) bool {
	_, err := os.Lstat(path)
	return err == nil
}

func nothingLeft(t testing.TB, config Config) {
	t.Helper()
	for _, what := range remains(config) {
		t.Errorf("left behind: %s", what)
	}
}
