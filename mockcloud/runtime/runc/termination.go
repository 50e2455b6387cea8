package runc

import (
	"bytes"
	"io"
	"os"
	"path/filepath"

	"github.com/ebb-node/ebb/mockcloud/runtime"
)

// Bounds of a termination message.
// https://kubernetes.io/docs/tasks/debug/debug-application/determine-reason-pod-failure/
const (
	maxLastWords    = 4096
	maxLastLogBytes = 2048
	maxLastLogLines = 80
	lastWordsOfLogs = "FallbackToLogsOnError"
)

// lastWords is what a run that ended says about it: its termination message,
// or the end of its log where the group wants that.
func (c *container) lastWords(r *run, exitCode int) string {
	if f, err := os.Open(filepath.Join(c.runDir(r.attempt), "termination-log")); err == nil {
		defer f.Close()
		words, _ := io.ReadAll(io.LimitReader(f, maxLastWords))
		if len(words) > 0 {
			return string(words)
		}
	}
	if exitCode == 0 || c.spec.TerminationMessagePolicy != lastWordsOfLogs {
		return ""
	}
	lines, _ := readLog(logPath(c.logDir(), r.attempt), runtime.LogOptions{Tail: maxLastLogLines})
	var words bytes.Buffer
	for _, line := range lines {
		words.Write(line.Text)
	}
	return string(words.Bytes()[max(0, words.Len()-maxLastLogBytes):])
}
