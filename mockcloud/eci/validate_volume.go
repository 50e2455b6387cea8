package eci

import (
	"encoding/base64"
	"net/http"
	"path"
	"strconv"
	"strings"

	"github.com/ebb-node/ebb/mockcloud/rpc"
)

func (r *createRequest) validateVolumes() error {
	if len(r.Volume) > maxVolumes {
		return rpc.InvalidParameter("Volume", "at most %d volumes", maxVolumes)
	}
	seen := map[string]bool{}
	for i := range r.Volume {
		v, at := &r.Volume[i], indexed("Volume", i)
		if v.Name == "" {
			return rpc.MissingParameter(at + ".Name")
		}
		if seen[v.Name] {
			return rpc.Errorf(http.StatusBadRequest, "InvalidParameter.DuplicatedVolumeName",
				"The parameter %s.Name repeats the name %q.", at, v.Name)
		}
		seen[v.Name] = true
		if err := v.validate(at); err != nil {
			return err
		}
	}
	return nil
}

func (v *volumeRequest) validate(at string) error {
	switch v.Type {
	case "EmptyDirVolume":
		return v.validateEmptyDir(at + ".EmptyDirVolume")
	case "ConfigFileVolume":
		return v.validateConfigFiles(at + ".ConfigFileVolume")
	case "NFSVolume":
		if v.NFSVolume.Server == "" || !path.IsAbs(v.NFSVolume.Path) {
			return rpc.InvalidParameter(at+".NFSVolume", "Server and an absolute Path are wanted")
		}
		return nil
	case "FlexVolume":
		return firstError(
			oneOf(at+".FlexVolume.Driver", v.FlexVolume.Driver, "alicloud/disk", "alicloud/nas", "alicloud/oss"),
			oneOf(at+".FlexVolume.FsType", v.FlexVolume.FsType, "ext4", "ext3", "xfs", "vfat"))
	case "HostPathVolume":
		return invitedOnly(at + ".HostPathVolume")
	case "DiskVolume":
		return rpc.InvalidParameter(at+".Type", "DiskVolume is deprecated, use FlexVolume")
	}
	return rpc.InvalidParameter(at+".Type", "it is not a type of volume")
}

func (v *volumeRequest) validateEmptyDir(at string) error {
	// Pages differ in the case of memory.
	if err := oneOf(at+".Medium", strings.ToLower(v.EmptyDirVolume.Medium), "memory", "localraid0"); err != nil {
		return err
	}
	if _, err := parseQuantity(v.EmptyDirVolume.SizeLimit); err != nil {
		return rpc.InvalidParameter(at+".SizeLimit", "a number with a unit such as 256Mi is wanted")
	}
	return nil
}

func (v *volumeRequest) validateConfigFiles(at string) error {
	files := v.ConfigFileVolume.ConfigFileToPath
	if len(files) > maxConfigFiles {
		return rpc.InvalidParameter(at+".ConfigFileToPath", "at most %d files", maxConfigFiles)
	}
	if _, err := parseMode(v.ConfigFileVolume.DefaultMode); err != nil {
		return rpc.InvalidParameter(at+".DefaultMode", "four octal digits are wanted")
	}
	for i := range files {
		if err := files[i].validate(indexed(at+".ConfigFileToPath", i)); err != nil {
			return err
		}
	}
	return nil
}

func (f *configFile) validate(at string) error {
	if f.Path == "" || path.IsAbs(f.Path) || strings.HasPrefix(path.Clean(f.Path), "..") {
		return rpc.InvalidParameter(at+".Path", "a relative path inside the volume is wanted")
	}
	content, err := base64.StdEncoding.DecodeString(f.Content)
	if err != nil {
		return rpc.InvalidParameter(at+".Content", "it is not Base64")
	}
	if len(content) > maxConfigFile {
		return rpc.InvalidParameter(at+".Content", "%d bytes are over the limit of 32 KB", len(content))
	}
	if _, err := parseMode(f.Mode); err != nil {
		return rpc.InvalidParameter(at+".Mode", "four octal digits are wanted")
	}
	return nil
}

// validateMounts checks that what is mounted exists.
func (r *createRequest) validateMounts() error {
	volumes := map[string]bool{}
	for _, v := range r.Volume {
		volumes[v.Name] = true
	}
	for i := range r.InitContainer {
		if err := r.InitContainer[i].validateMounts(indexed("InitContainer", i), volumes); err != nil {
			return err
		}
	}
	for i := range r.Container {
		if err := r.Container[i].validateMounts(indexed("Container", i), volumes); err != nil {
			return err
		}
	}
	return nil
}

func (c *initContainerRequest) validateMounts(at string, volumes map[string]bool) error {
	for i, m := range c.VolumeMount {
		name := indexed(at+".VolumeMount", i)
		switch {
		case !volumes[m.Name]:
			return rpc.InvalidParameter(name+".Name", "the group has no volume %q", m.Name)
		case !path.IsAbs(m.MountPath):
			return rpc.InvalidParameter(name+".MountPath", "an absolute path is wanted")
		case path.IsAbs(m.SubPath) || strings.HasPrefix(path.Clean(m.SubPath), ".."):
			return rpc.InvalidParameter(name+".SubPath", "a relative path inside the volume is wanted")
		}
		err := oneOf(name+".MountPropagation", m.MountPropagation, "None", "HostToContainer", "Bidirectional")
		if err != nil {
			return err
		}
	}
	return nil
}

// parseMode reads octal digits; "" is zero, the volume's or service's default.
func parseMode(text string) (uint32, error) {
	if text == "" {
		return 0, nil
	}
	mode, err := strconv.ParseUint(text, 8, 32)
	if err == nil && mode > 0o7777 {
		err = strconv.ErrRange
	}
	return uint32(mode), err
}

// parseQuantity reads a number of bytes with a unit; "" is zero.
func parseQuantity(text string) (int64, error) {
	if text == "" {
		return 0, nil
	}
	units := []struct {
		suffix string
		factor float64
	}{
		{"Ki", 1 << 10}, {"Mi", 1 << 20}, {"Gi", 1 << 30}, {"Ti", 1 << 40},
		{"k", 1e3}, {"K", 1e3}, {"M", 1e6}, {"G", 1e9}, {"T", 1e12},
	}
	factor := 1.0
	for _, u := range units {
		if number, ok := strings.CutSuffix(text, u.suffix); ok {
			text, factor = number, u.factor
			break
		}
	}
	n, err := strconv.ParseFloat(text, 64)
	return int64(n * factor), err
}
