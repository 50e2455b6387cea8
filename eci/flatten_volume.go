package eci

import (
	"encoding/base64"
	"encoding/json"
	"strconv"
)

// flattenVolume writes a volume: its type and the block for that type
// (https://www.alibabacloud.com/help/doc-detail/144571.htm and the create
// page).
func flattenVolume(p params, prefix string, v *Volume) {
	p.text(prefix+".Name", v.Name)
	switch {
	case v.EmptyDir != nil:
		p[prefix+".Type"] = "EmptyDirVolume"
		p.text(prefix+".EmptyDirVolume.Medium", v.EmptyDir.Medium)
		p.text(prefix+".EmptyDirVolume.SizeLimit", v.EmptyDir.SizeLimit)
	case v.ConfigFile != nil:
		p[prefix+".Type"] = "ConfigFileVolume"
		flattenConfigFile(p, prefix+".ConfigFileVolume", v.ConfigFile)
	case v.NFS != nil:
		p[prefix+".Type"] = "NFSVolume"
		p.text(prefix+".NFSVolume.Server", v.NFS.Server)
		p.text(prefix+".NFSVolume.Path", v.NFS.Path)
		p[prefix+".NFSVolume.ReadOnly"] = strconv.FormatBool(v.NFS.ReadOnly)
	case v.Flex != nil:
		p[prefix+".Type"] = "FlexVolume"
		p.text(prefix+".FlexVolume.Driver", v.Flex.Driver)
		p.text(prefix+".FlexVolume.FsType", v.Flex.FSType)
		p.text(prefix+".FlexVolume.Options", flexOptions(v.Flex.Options))
	case v.HostPath != nil:
		p[prefix+".Type"] = "HostPathVolume"
		p.text(prefix+".HostPathVolume.Path", v.HostPath.Path)
		p.text(prefix+".HostPathVolume.Type", v.HostPath.Type)
	}
}

func flattenConfigFile(p params, prefix string, c *ConfigFile) {
	if c.DefaultMode != nil {
		p[prefix+".DefaultMode"] = octal(*c.DefaultMode)
	}
	for i, f := range c.Files {
		name := at(prefix+".ConfigFileToPath", i)
		p[name+".Path"] = f.Path
		// An empty file is a file too.
		p[name+".Content"] = base64.StdEncoding.EncodeToString(f.Content)
		if f.Mode != nil {
			p[name+".Mode"] = octal(*f.Mode)
		}
	}
}

// flexOptions is JSON text with sorted keys, so that the same options are the
// same parameter and a ClientToken keeps fitting.
func flexOptions(options map[string]string) string {
	if len(options) == 0 {
		return ""
	}
	text, _ := json.Marshal(options) // strings always marshal, keys sorted
	return string(text)
}
