package runc

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/ebb-node/ebb/mockcloud/runtime"
)

// hostsFile is a group's /etc/hosts.
func hostsFile(g runtime.Group) string {
	var b strings.Builder
	b.WriteString("127.0.0.1\tlocalhost\n::1\tlocalhost ip6-localhost ip6-loopback\n")
	fmt.Fprintf(&b, "%s\t%s\n", g.IP, hostname(g))
	for _, alias := range g.HostAliases {
		fmt.Fprintf(&b, "%s\t%s\n", alias.IP, strings.Join(alias.Names, "\t"))
	}
	return b.String()
}

// resolvFile is a group's /etc/resolv.conf. A group that names no server
// resolves as the machine does.
func resolvFile(g runtime.Group, machine string) string {
	var b strings.Builder
	for _, server := range g.NameServers {
		fmt.Fprintf(&b, "nameserver %s\n", server)
	}
	if len(g.NameServers) == 0 {
		for line := range strings.Lines(machine) {
			if strings.HasPrefix(line, "nameserver") {
				b.WriteString(strings.TrimRight(line, "\n") + "\n")
			}
		}
	}
	if len(g.Searches) > 0 {
		fmt.Fprintf(&b, "search %s\n", strings.Join(g.Searches, " "))
	}
	if len(g.DNSOptions) > 0 {
		fmt.Fprintf(&b, "options %s\n", strings.Join(g.DNSOptions, " "))
	}
	return b.String()
}

// etcFiles are the files that a group shows in /etc of its containers.
var etcFiles = []string{"hosts", "hostname", "resolv.conf"}

// writeEtc writes them below a directory.
func writeEtc(dir string, g runtime.Group) error {
	machine, err := os.ReadFile("/etc/resolv.conf")
	if err != nil && !os.IsNotExist(err) {
		return err
	}
	contents := map[string]string{
		"hosts":       hostsFile(g),
		"hostname":    hostname(g) + "\n",
		"resolv.conf": resolvFile(g, string(machine)),
	}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return err
	}
	for _, name := range etcFiles {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(contents[name]), 0o644); err != nil {
			return err
		}
	}
	return nil
}
