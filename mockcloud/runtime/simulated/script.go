package simulated

import (
	"strconv"
	"strings"
	"time"

	"github.com/ebb-node/ebb/mockcloud/runtime"
)

// script is what a container does, read from its request.
type script struct {
	ends  bool
	after time.Duration
	code  int
	log   []string
	load  Load
}

// readScript is pure: the conventions are those of the package comment.
func readScript(c runtime.Container, init bool, load Load) script {
	s := script{ends: init, load: load}
	words := append(append([]string{}, c.Command...), c.Args...)
	if text := getenv(c.Env, "MOCK_LOG"); text != "" {
		s.log = strings.Split(text, "\n")
	}
	if v, err := strconv.ParseFloat(getenv(c.Env, "MOCK_CPU"), 64); err == nil {
		s.load.CPU = v
	}
	if v, err := strconv.ParseUint(getenv(c.Env, "MOCK_MEMORY"), 10, 64); err == nil {
		s.load.Memory = v
	}
	if len(words) == 0 {
		return s
	}
	switch words[0] {
	case "/exit":
		s.ends = true
		s.code, s.after = readExit(words[1:])
	case "/echo":
		s.ends = true
		s.log = append(s.log, strings.Join(words[1:], " "))
	}
	return s
}

func readExit(words []string) (code int, after time.Duration) {
	if len(words) > 0 {
		code, _ = strconv.Atoi(words[0])
	}
	if len(words) > 1 {
		after, _ = time.ParseDuration(words[1])
	}
	return code, after
}

// pullable reports whether an image's registry can exist at all.
func pullable(image string) bool {
	host, _, found := strings.Cut(image, "/")
	host, _, _ = strings.Cut(host, ":")
	return !found || !strings.HasSuffix(host, ".invalid")
}

func getenv(env []string, key string) string {
	for _, e := range env {
		if k, v, ok := strings.Cut(e, "="); ok && k == key {
			return v
		}
	}
	return ""
}
