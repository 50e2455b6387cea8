package control

import (
	"bufio"
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

// Memory answers the proportional set size of all processes that this process
// namespace shows, in bytes, by the name of their program. Shared pages are
// counted once over all sharers (proc_pid_smaps(5)).
func Memory() (map[string]int64, error) {
	rollups, err := filepath.Glob("/proc/[0-9]*/smaps_rollup")
	if err != nil {
		return nil, err
	}
	sizes := map[string]int64{}
	for _, path := range rollups {
		rollup, err := os.ReadFile(path)
		if err != nil {
			continue // it has ended since
		}
		sizes[program(filepath.Dir(path))] += pss(rollup)
	}
	return sizes, nil
}

// program is a process's file, and its first argument if that is a
// sub-command: the control plane's components share one file.
func program(dir string) string {
	line, _ := os.ReadFile(filepath.Join(dir, "cmdline"))
	words := strings.Split(strings.TrimRight(string(line), "\x00"), "\x00")
	name := filepath.Base(words[0])
	if len(words) > 1 && !strings.HasPrefix(words[1], "-") {
		name += " " + words[1]
	}
	return name
}

// pss finds the line "Pss: 1234 kB".
func pss(rollup []byte) int64 {
	lines := bufio.NewScanner(bytes.NewReader(rollup))
	for lines.Scan() {
		var kilobytes int64
		if n, _ := fmt.Sscanf(lines.Text(), "Pss: %d kB", &kilobytes); n == 1 {
			return kilobytes << 10
		}
	}
	return 0
}
