package runc

import (
	"fmt"
	"os"
	"os/exec"

	"golang.org/x/sys/unix"
)

// prepare makes what the containers of a group share.
func (g *group) prepare() error {
	for _, dir := range []string{"runc", "exec", "logs", "containers"} {
		if err := os.MkdirAll(g.path(dir), 0o700); err != nil {
			return fmt.Errorf("group %s: %w", g.spec.ID, err)
		}
	}
	steps := []struct {
		what string
		do   func() error
	}{
		{"namespaces", func() error { return newNamespaces(g.path("ns"), hostname(g.spec)) }},
		{"network", func() error { return g.rt.network.attach(g.link, g.path("ns"), g.spec.IP) }},
		{"cgroup", g.bound},
		{"files in /etc", func() error { return writeEtc(g.path("etc"), g.spec) }},
		{"volumes", g.makeVolumes},
		{"process namespace", g.shareProcesses},
	}
	for _, s := range steps {
		if err := s.do(); err != nil {
			return fmt.Errorf("group %s: %s: %w", g.spec.ID, s.what, err)
		}
	}
	return nil
}

func (g *group) makeVolumes() error {
	for _, v := range g.spec.Volumes {
		dir := g.path("volumes", v.Name)
		if v.Memory {
			g.mounted(dir)
		}
		if err := makeVolume(dir, v); err != nil {
			return err
		}
	}
	return nil
}

// shareProcesses starts the first process of the namespace that the
// containers share. It does nothing but last, and ignores its children, so
// that the kernel reaps them.
func (g *group) shareProcesses() error {
	if !g.spec.ShareProcesses {
		return nil
	}
	pause, err := adopted.start(func() (int, error) {
		cmd := exec.Command("env", "--ignore-signal=CHLD", "sleep", "infinity")
		cmd.Env = helperEnv(g.rt.config.StateDir)
		cmd.SysProcAttr = &unix.SysProcAttr{Cloneflags: unix.CLONE_NEWPID, Setsid: true}
		if err := cmd.Start(); err != nil {
			return 0, err
		}
		pid := cmd.Process.Pid // which Release forgets
		return pid, cmd.Process.Release()
	})
	if err != nil {
		return err
	}
	g.pause = pause
	g.namespaces["pid"] = fmt.Sprintf("/proc/%d/ns/pid", pause.pid)
	return g.rt.cgroups.add(g.spec.ID, pause.pid)
}
