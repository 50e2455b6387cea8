package runc

import (
	"bytes"
	"fmt"
	"io"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	clocktesting "k8s.io/utils/clock/testing"

	"github.com/ebb-node/ebb/mockcloud/runtime"
)

func TestLogWriteAndRead(t *testing.T) {
	at := time.Date(2030, 1, 2, 3, 4, 5, 6, time.UTC)
	clock := clocktesting.NewFakeClock(at)
	dir := t.TempDir()
	l, err := openLog(dir, 0, clock)
	if err != nil {
		t.Fatal(err)
	}
	l.write(logStdout, []byte("one\n"))
	clock.Step(time.Second)
	l.write(logStderr, []byte("two \x00\xff\n"))
	clock.Step(time.Second)
	l.write(logStdout, []byte("un"))
	l.write(logStdout, []byte("finished"))
	all := []runtime.LogLine{
		{Time: at, Text: []byte("one\n")},
		{Time: at.Add(time.Second), Stderr: true, Text: []byte("two \x00\xff\n")},
		{Time: at.Add(2 * time.Second), Text: []byte("un")},
		{Time: at.Add(2 * time.Second), Text: []byte("finished")},
	}
	tests := []struct {
		name    string
		options runtime.LogOptions
		want    []runtime.LogLine
	}{
		{"all", runtime.LogOptions{}, all},
		{"tail counts a split line once", runtime.LogOptions{Tail: 1}, all[2:]},
		{"tail 2", runtime.LogOptions{Tail: 2}, all[1:]},
		{"tail of more than there is", runtime.LogOptions{Tail: 9}, all},
		{"since", runtime.LogOptions{Since: at.Add(time.Second)}, all[1:]},
		{"since and tail", runtime.LogOptions{Since: at.Add(time.Second), Tail: 1}, all[2:]},
		{"since later", runtime.LogOptions{Since: at.Add(time.Hour)}, nil},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			got, err := readLog(logPath(dir, 0), test.options)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestLogSplitsLongLines(t *testing.T) {
	dir := t.TempDir()
	l, err := openLog(dir, 0, clocktesting.NewFakeClock(time.Unix(0, 0)))
	if err != nil {
		t.Fatal(err)
	}
	long := strings.Repeat("x", maxLogLine+100) + "\nnext\n"
	l.copy(io.NopCloser(strings.NewReader(long)), logStdout)
	l.finish()
	lines, err := readLog(logPath(dir, 0), runtime.LogOptions{})
	if err != nil || len(lines) != 3 || textOf(lines) != long {
		t.Errorf("%d lines (%v)", len(lines), err)
	}
}

func TestLogIsBoundedAndKeepsTheRunBefore(t *testing.T) {
	dir := t.TempDir()
	clock := clocktesting.NewFakeClock(time.Unix(0, 0))
	l, err := openLog(dir, 0, clock)
	if err != nil {
		t.Fatal(err)
	}
	line := append(bytes.Repeat([]byte("y"), maxLogLine-1), '\n')
	const written = 3 * maxLogFile / maxLogLine
	for i := range written {
		l.write(logStdout, append(fmt.Appendf(nil, "%d ", i), line...))
	}
	lines, err := readLog(logPath(dir, 0), runtime.LogOptions{Tail: 2})
	if err != nil || len(lines) != 2 || !bytes.HasPrefix(lines[1].Text, fmt.Appendf(nil, "%d ", written-1)) {
		t.Errorf("the end of the log is lost: %d lines, %v", len(lines), err)
	}
	var size int64
	entries, _ := os.ReadDir(dir)
	for _, e := range entries {
		info, _ := e.Info()
		size += info.Size()
	}
	if size > 2*maxLogFile {
		t.Errorf("the log takes %d bytes", size)
	}
	for attempt := 1; attempt <= 2; attempt++ {
		if _, err := openLog(dir, attempt, clock); err != nil {
			t.Fatal(err)
		}
	}
	if exists(logPath(dir, 0)) || exists(logPath(dir, 0)+".1") || !exists(logPath(dir, 1)) {
		t.Error("wanted the logs of the last two runs")
	}
}
