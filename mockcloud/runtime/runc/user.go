package runc

import (
	"bufio"
	"fmt"
	"io"
	"os"
	"slices"
	"strconv"
	"strings"

	specs "github.com/opencontainers/runtime-spec/specs-go"

	"github.com/ebb-node/ebb/mockcloud/runtime"
)

// account is who a container's processes are.
type account struct {
	uid, gid uint32
	groups   []uint32
	home     string
}

// colonFile reads a file of the image such as /etc/passwd as fields.
type colonFile func(name string) ([][]string, error)

// imageFile reads such files of an image, wherever its links lead.
func imageFile(rootfs string) colonFile {
	return func(name string) ([][]string, error) {
		r, err := openRoot(rootfs)
		if err != nil {
			return nil, err
		}
		defer r.close()
		f, err := r.open(name, os.O_RDONLY)
		if os.IsNotExist(err) {
			return nil, nil
		}
		if err != nil {
			return nil, err
		}
		defer f.Close()
		return colonFields(f)
	}
}

func colonFields(r io.Reader) ([][]string, error) {
	var all [][]string
	lines := bufio.NewScanner(r)
	for lines.Scan() {
		if line := strings.TrimSpace(lines.Text()); line != "" && !strings.HasPrefix(line, "#") {
			all = append(all, strings.Split(line, ":"))
		}
	}
	return all, lines.Err()
}

// resolveUser finds the account of a container: the group's wish over the
// image's, which may be "user", "uid", "user:group" or "uid:gid".
func resolveUser(c runtime.Container, imageUser string, read colonFile) (account, error) {
	user, group, _ := strings.Cut(imageUser, ":")
	if c.RunAsUser != nil {
		user, group = strconv.FormatInt(*c.RunAsUser, 10), ""
	}
	if c.RunAsGroup != nil {
		group = strconv.FormatInt(*c.RunAsGroup, 10)
	}
	if user == "" {
		user = "0"
	}
	passwd, err := read("etc/passwd")
	if err != nil {
		return account{}, configError("container %s: read /etc/passwd of the image: %w", c.Name, err)
	}
	groups, err := read("etc/group")
	if err != nil {
		return account{}, configError("container %s: read /etc/group of the image: %w", c.Name, err)
	}
	a, err := findAccount(user, group, passwd, groups)
	if err != nil {
		return a, configError("container %s: %w", c.Name, err)
	}
	if c.RunAsNonRoot && a.uid == 0 {
		return a, configError("container %s: RunAsNonRoot is set, but it would run as user 0: set RunAsUser or a user in the image", c.Name)
	}
	return a, nil
}

func findAccount(user, group string, passwd, groups [][]string) (account, error) {
	a := account{home: "/"}
	name := user
	if entry := findEntry(user, passwd, 7); entry != nil {
		name, a.home = entry[0], entry[5]
		a.uid, a.gid = number(entry[2]), number(entry[3])
	} else if id, err := strconv.ParseUint(user, 10, 31); err == nil {
		a.uid = uint32(id)
	} else {
		return a, fmt.Errorf("user %q is not in /etc/passwd of the image", user)
	}
	if group != "" {
		gid, err := findGroup(group, groups)
		a.gid = gid
		return a, err
	}
	for _, g := range groups {
		if len(g) >= 4 && slices.Contains(strings.Split(g[3], ","), name) && number(g[2]) != a.gid {
			a.groups = append(a.groups, number(g[2]))
		}
	}
	return a, nil
}

func findGroup(group string, groups [][]string) (uint32, error) {
	if id, err := strconv.ParseUint(group, 10, 31); err == nil {
		return uint32(id), nil
	}
	if entry := findEntry(group, groups, 3); entry != nil {
		return number(entry[2]), nil
	}
	return 0, fmt.Errorf("group %q is not in /etc/group of the image", group)
}

// findEntry looks an entry up by its name or number.
func findEntry(key string, entries [][]string, fields int) []string {
	for _, e := range entries {
		if len(e) >= fields && (e[0] == key || e[2] == key) {
			return e
		}
	}
	return nil
}

func number(s string) uint32 {
	n, _ := strconv.ParseUint(s, 10, 32)
	return uint32(n)
}

// user is what a spec says of an account. In a user namespace with one user
// everybody is that one.
func (a account) user(rootless bool) specs.User {
	if rootless {
		return specs.User{}
	}
	return specs.User{UID: a.uid, GID: a.gid, AdditionalGids: a.groups}
}
