package runc

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"golang.org/x/sys/unix"
)

// Names below the state directory.
const (
	groupsDir = "groups"
	imagesDir = "images"
	lockName  = "lock"
	stateName = "state.json"
)

// stateRecord is what a successor must know to clear up after this runtime.
type stateRecord struct {
	CgroupParent string
	MadeBridge   string // the bridge, if this runtime made it
}

// lockState makes sure that a state directory has one runtime.
func lockState(dir string) (*os.File, error) {
	f, err := os.OpenFile(filepath.Join(dir, lockName), os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, fmt.Errorf("state directory: %w", err)
	}
	for end := time.Now().Add(lockPatience); ; time.Sleep(10 * time.Millisecond) {
		err := unix.Flock(int(f.Fd()), unix.LOCK_EX|unix.LOCK_NB)
		if err == nil {
			return f, nil
		}
		if time.Now().After(end) {
			f.Close()
			return nil, fmt.Errorf("state directory %s is in use by another runtime: end it or name another directory", dir)
		}
	}
}

// lockPatience covers the moment in which a process that a killed runtime was
// just starting still shares its lock.
const lockPatience = time.Second

func readState(dir string) (stateRecord, error) {
	var s stateRecord
	b, err := os.ReadFile(filepath.Join(dir, stateName))
	if os.IsNotExist(err) {
		return s, nil
	}
	if err == nil {
		err = json.Unmarshal(b, &s)
	}
	if err != nil {
		return s, fmt.Errorf("read what the last runtime left: %w", err)
	}
	return s, nil
}

func writeState(dir string, s stateRecord) error {
	b, err := json.Marshal(s)
	if err != nil {
		return err
	}
	return replaceFile(filepath.Join(dir, stateName), b)
}

// clearState removes what a runtime that was killed left behind.
func clearState(dir string, left stateRecord) error {
	clearProcesses(dir, left.CgroupParent)
	var errs []error
	errs = append(errs, clearLinks(dir, left), unmountBelow(dir), clearCgroups(left.CgroupParent))
	if err := errors.Join(errs...); err != nil {
		return err
	}
	return errors.Join(
		os.RemoveAll(filepath.Join(dir, groupsDir)),
		os.RemoveAll(filepath.Join(dir, imagesDir, "tmp")))
}

// clearProcesses kills containers and helpers, known by their cgroup, by what
// their root is, or by their environment: process numbers may mean others by
// now.
func clearProcesses(dir, cgroupParent string) {
	old := findCgroups(cgroupParent)
	killAll(func() []int {
		return append(old.processes(""), processesOf(func(p process) bool {
			return p.marked(dir) || p.rootedBelow(dir)
		})...)
	})
}

func clearCgroups(parent string) error { return findCgroups(parent).remove("") }

// findCgroups finds the cgroups of a parent without making any.
func findCgroups(parent string) cgroups {
	mounts, err := readMounts("self")
	if err != nil || parent == "" {
		return noCgroups{}
	}
	if v1 := newCgroupV1(mounts, parent); v1 != nil {
		return v1
	}
	if v2 := newCgroupV2(mounts, parent); v2 != nil {
		return v2
	}
	return noCgroups{}
}

// clearLinks removes the links of groups, whose names follow from their ids,
// and the bridge.
func clearLinks(dir string, left stateRecord) error {
	groups, err := os.ReadDir(filepath.Join(dir, groupsDir))
	if err != nil && !os.IsNotExist(err) {
		return err
	}
	var errs []error
	for _, g := range groups {
		errs = append(errs, removeLink(hostLink(dir, g.Name())))
	}
	if left.MadeBridge != "" {
		errs = append(errs, removeLink(left.MadeBridge))
	}
	return errors.Join(errs...)
}
