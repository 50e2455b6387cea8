package runc

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"regexp"

	"github.com/sirupsen/logrus"

	"github.com/ebb-node/ebb/mockcloud/runtime"
)

// maxLinkName is what the kernel allows (IFNAMSIZ without its zero byte).
const maxLinkName = 15

// names of groups, containers and volumes become parts of paths.
var safeName = regexp.MustCompile(`^[a-zA-Z0-9][a-zA-Z0-9_.-]{0,127}$`)

// checkNames refuses a group whose names can't be parts of paths.
func checkNames(g runtime.Group) error {
	if !safeName.MatchString(g.ID) {
		return fmt.Errorf("group id %q: want letters, digits, '_', '.' and '-'", g.ID)
	}
	seen := map[string]bool{}
	for _, c := range append(append([]runtime.Container{}, g.InitContainers...), g.Containers...) {
		if !safeName.MatchString(c.Name) || seen[c.Name] {
			return fmt.Errorf("group %s: container name %q is unusable or used twice", g.ID, c.Name)
		}
		seen[c.Name] = true
	}
	for _, v := range g.Volumes {
		if !safeName.MatchString(v.Name) {
			return fmt.Errorf("group %s: volume name %q is unusable", g.ID, v.Name)
		}
	}
	if len(g.Containers) == 0 {
		return fmt.Errorf("group %s has no containers", g.ID)
	}
	if !g.IP.Is4() {
		return fmt.Errorf("group %s: address %q is not IPv4", g.ID, g.IP)
	}
	return nil
}

// shortHash is a short stable name for a long one.
func shortHash(s string) string {
	sum := sha256.Sum256([]byte(s))
	return hex.EncodeToString(sum[:5])
}

func discardLog() *logrus.Entry {
	log := logrus.New()
	log.SetOutput(io.Discard)
	return logrus.NewEntry(log)
}
