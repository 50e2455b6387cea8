package runc

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/ebb-node/ebb/mockcloud/runtime"
)

// New makes a runtime, after it has cleared what an earlier one with the same
// state directory left behind. It fails if runc is not installed, the state
// directory is in use, or the machine lacks what the configuration asks for.
func New(config Config) (runtime.Runtime, error) {
	config, err := config.complete()
	if err != nil {
		return nil, fmt.Errorf("runc runtime: %w", err)
	}
	rt, err := open(config)
	if err != nil {
		return nil, fmt.Errorf("runc runtime: %w", err)
	}
	return rt, nil
}

func open(config Config) (*Runtime, error) {
	path, err := findRunc()
	if err != nil {
		return nil, err
	}
	config.Rootless = config.Rootless || oneUser()
	lock, err := lockState(config.StateDir)
	if err != nil {
		return nil, err
	}
	rt := &Runtime{config: config, runc: path, lock: lock, groups: map[string]*group{}, grantable: grantable()}
	if err := rt.setUp(); err != nil {
		return nil, errors.Join(err, lock.Close())
	}
	return rt, nil
}

// setUp clears the past and makes what all groups share.
func (rt *Runtime) setUp() error {
	dir := rt.config.StateDir
	left, err := readState(dir)
	if err != nil {
		return err
	}
	if err := clearState(dir, left); err != nil {
		return fmt.Errorf("clear what the last runtime left: %w", err)
	}
	if err := writeState(dir, stateRecord{CgroupParent: rt.config.CgroupParent}); err != nil {
		return err
	}
	if err := adoptOrphans(); err != nil {
		return err
	}
	if rt.cgroups, err = openCgroups(rt.config); err != nil {
		return err
	}
	if rt.images, err = openImageStore(filepath.Join(dir, imagesDir), rt.config); err != nil {
		return err
	}
	if err := ownMount(dir); err != nil {
		return err
	}
	if rt.network, err = openNetwork(rt.config.Bridge, rt.config.Gateway); err != nil {
		return errors.Join(err, unmount(dir), rt.cgroups.remove(""))
	}
	if !rt.network.made {
		return nil
	}
	return writeState(dir, stateRecord{CgroupParent: rt.config.CgroupParent, MadeBridge: rt.config.Bridge})
}

// oneUser says whether this is a user namespace in which only one user exists.
func oneUser() bool {
	b, err := os.ReadFile("/proc/self/uid_map")
	fields := strings.Fields(string(b))
	return err == nil && len(fields) == 3 && fields[2] == "1"
}
