package runc

import (
	"bufio"
	"bytes"
	"errors"
	"io"
	"io/fs"
	"os"
	"time"

	"github.com/ebb-node/ebb/mockcloud/runtime"
)

// readLog answers the chosen lines of a run's log, the rotated part first.
func readLog(path string, options runtime.LogOptions) ([]runtime.LogLine, error) {
	var lines []runtime.LogLine
	for _, part := range []string{path + ".1", path} {
		f, err := os.Open(part)
		if errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if err != nil {
			return nil, err
		}
		lines, err = appendLog(lines, f, options)
		f.Close()
		if err != nil {
			return nil, err
		}
	}
	return lines, nil
}

// appendLog adds the chosen lines of a log and forgets those before the tail.
func appendLog(lines []runtime.LogLine, log io.Reader, options runtime.LogOptions) ([]runtime.LogLine, error) {
	reader := bufio.NewReader(log)
	for {
		record, err := reader.ReadBytes('\n')
		if errors.Is(err, io.EOF) {
			return tail(lines, options.Tail), nil // a record without its end is still being written
		}
		if err != nil {
			return nil, err
		}
		line, ok := parseLog(record)
		if !ok || line.Time.Before(options.Since) {
			continue
		}
		lines = append(lines, line)
		if options.Tail > 0 && len(lines) > 2*options.Tail+1024 {
			lines = append([]runtime.LogLine{}, tail(lines, options.Tail)...)
		}
	}
}

// parseLog understands a record of a log file.
func parseLog(record []byte) (runtime.LogLine, bool) {
	fields := bytes.SplitN(bytes.TrimSuffix(record, []byte("\n")), []byte(" "), 4)
	if len(fields) != 4 {
		return runtime.LogLine{}, false
	}
	at, err := time.Parse(time.RFC3339Nano, string(fields[0]))
	if err != nil {
		return runtime.LogLine{}, false
	}
	text := fields[3]
	if string(fields[2]) == logFull {
		text = append(text, '\n')
	}
	return runtime.LogLine{Time: at, Stderr: string(fields[1]) == logStderr, Text: text}, true
}

// tail keeps the last lines; those that a writer or a split left without
// their newline count together with what follows on the same stream.
func tail(lines []runtime.LogLine, n int) []runtime.LogLine {
	if n <= 0 {
		return lines
	}
	open := map[bool]bool{} // stream -> what follows completes a line
	for i := len(lines) - 1; i >= 0; i-- {
		line := lines[i]
		if full := bytes.HasSuffix(line.Text, []byte("\n")); full || !open[line.Stderr] {
			if n == 0 {
				return lines[i+1:]
			}
			n--
		}
		open[line.Stderr] = true
	}
	return lines
}
