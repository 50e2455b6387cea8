package runc

import (
	"errors"
	"fmt"
	"net/netip"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"

	"github.com/sirupsen/logrus"
	"k8s.io/utils/clock"
)

// Config says where groups run.
type Config struct {
	// StateDir holds everything on disk: images, bundles, namespaces, logs.
	// One runtime at a time may use it.
	StateDir string

	// Bridge is the link that groups are attached to. It is made when it is
	// missing, and then removed by Close.
	Bridge string

	// Gateway is the bridge's address with the length of the groups' network,
	// such as 10.244.0.1/16.
	Gateway netip.Prefix

	// RegistryMirrors are hosts that stand in for registries, such as
	// "docker.io" -> "10.244.0.1:5000". A mirror replaces its registry: what
	// it does not have is not found.
	RegistryMirrors map[string]string

	// PlainHTTP are registries that are spoken to without TLS.
	PlainHTTP []string

	// Cgroups is "on", "off" or "auto" (the default: on where they may be
	// written).
	Cgroups string

	// CgroupParent is the cgroup below which groups have theirs. Empty: a name
	// derived from StateDir. Two runtimes must not share one.
	CgroupParent string

	// Rootless runs every container as user 0, for a user namespace in which
	// nobody else exists. It is detected as well.
	Rootless bool

	// BackOff is the first delay of restarts and pulls; zero: 10 seconds.
	BackOff time.Duration

	// Clock times probes, back-off and stamps; nil: the real one.
	Clock clock.WithTicker

	// Log receives what does not belong to a group's status; nil: nothing.
	Log *logrus.Entry
}

// Values of Config.Cgroups.
const (
	cgroupsAuto = "auto"
	cgroupsOn   = "on"
	cgroupsOff  = "off"
)

// complete checks a configuration and fills in what may be left out.
func (c Config) complete() (Config, error) {
	if c.StateDir == "" {
		return c, errors.New("field StateDir is empty: name a directory that the runtime may own")
	}
	dir, err := makeStateDir(c.StateDir)
	if err != nil {
		return c, fmt.Errorf("field StateDir %q: %w", c.StateDir, err)
	}
	if strings.ContainsAny(dir, ",: \t\n\\") {
		return c, fmt.Errorf("field StateDir %q: mount options can't hold ',', ':', '\\' or spaces in a path", dir)
	}
	c.StateDir = dir
	if c.Bridge == "" || len(c.Bridge) > maxLinkName {
		return c, fmt.Errorf("field Bridge %q must have 1 to %d characters", c.Bridge, maxLinkName)
	}
	if !c.Gateway.IsValid() || !c.Gateway.Addr().Is4() {
		return c, fmt.Errorf("field Gateway %q must be an IPv4 address with a prefix length, such as 10.244.0.1/16", c.Gateway)
	}
	return c.defaults()
}

// makeStateDir makes the directory and answers the name that the kernel shows
// its mounts by.
func makeStateDir(dir string) (string, error) {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return "", err
	}
	dir, err := filepath.EvalSymlinks(dir)
	if err != nil {
		return "", err
	}
	return filepath.Abs(dir)
}

func (c Config) defaults() (Config, error) {
	switch c.Cgroups {
	case "":
		c.Cgroups = cgroupsAuto
	case cgroupsAuto, cgroupsOn, cgroupsOff:
	default:
		return c, fmt.Errorf("field Cgroups %q must be auto, on or off", c.Cgroups)
	}
	if c.CgroupParent == "" {
		c.CgroupParent = "mockcloud-" + shortHash(c.StateDir)
	}
	if c.BackOff == 0 {
		c.BackOff = backOffBase
	}
	if c.Clock == nil {
		c.Clock = clock.RealClock{}
	}
	if c.Log == nil {
		c.Log = discardLog()
	}
	return c, nil
}

// findRunc looks for runc also where the PATH of an ordinary user does not.
func findRunc() (string, error) {
	for _, name := range []string{"runc", "/usr/sbin/runc", "/usr/local/sbin/runc"} {
		if path, err := exec.LookPath(name); err == nil {
			return path, nil
		}
	}
	return "", errors.New("runc is not installed: install the package runc (apt-get install runc)")
}
