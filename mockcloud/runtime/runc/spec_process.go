package runc

import (
	"path"
	"slices"
	"strings"

	specs "github.com/opencontainers/runtime-spec/specs-go"
)

// defaultPath is what a process finds programs by if nobody says.
const defaultPath = "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"

// buildProcess makes the first process of a container, and the pattern for
// those that are executed in it later.
func buildProcess(in specInput) (*specs.Process, error) {
	args := arguments(in)
	if len(args) == 0 {
		return nil, &waitError{reasonCreate, noCommand(in.container.Name)}
	}
	capabilities, err := capabilities(in.container.AddCapabilities, in.container.Privileged, in.grantable)
	if err != nil {
		return nil, err
	}
	return &specs.Process{
		Terminal:     in.container.TTY,
		User:         in.account.user(in.rootless),
		Args:         args,
		Env:          environment(in),
		Cwd:          workingDir(in),
		Capabilities: capabilities,
		// Who insists on another user than root must not become root either.
		NoNewPrivileges: in.container.RunAsNonRoot,
	}, nil
}

type noCommand string

func (n noCommand) Error() string {
	return "container " + string(n) + ": neither the container nor its image names a command"
}

// arguments follow the rule that a command of the group replaces both
// entrypoint and cmd of the image, and arguments replace cmd.
// https://kubernetes.io/docs/tasks/inject-data-application/define-command-argument-container/
func arguments(in specInput) []string {
	c := in.container
	switch {
	case len(c.Command) > 0:
		return slices.Concat(c.Command, c.Args)
	case len(c.Args) > 0:
		return slices.Concat(in.image.Entrypoint, c.Args)
	default:
		return slices.Concat(in.image.Entrypoint, in.image.Cmd)
	}
}

// environment has the image's variables, the group's over them, and those
// that every container has.
func environment(in specInput) []string {
	env := []string{defaultPath, "HOSTNAME=" + hostname(in.group), "HOME=" + in.account.home}
	if in.container.TTY {
		env = append(env, "TERM=xterm")
	}
	return lastOfEach(slices.Concat(env, in.image.Env, in.container.Env))
}

// lastOfEach keeps the last value of a variable, at the place of the first.
func lastOfEach(env []string) []string {
	at := map[string]int{}
	var all []string
	for _, variable := range env {
		key, _, _ := strings.Cut(variable, "=")
		if i, ok := at[key]; ok {
			all[i] = variable
			continue
		}
		at[key] = len(all)
		all = append(all, variable)
	}
	return all
}

func workingDir(in specInput) string {
	dir := in.container.WorkingDir
	if dir == "" {
		dir = in.image.WorkingDir
	}
	return path.Clean("/" + dir)
}
