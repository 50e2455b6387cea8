package runc

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strconv"
	"sync"
	"time"

	"golang.org/x/sys/unix"
	"k8s.io/utils/clock"
)

const (
	// maxLogFile is where a kubelet rotates (containerLogMaxSize); one older
	// file is kept beside the current one.
	// https://kubernetes.io/docs/concepts/cluster-administration/logging/
	maxLogFile = 10 << 20
	// maxLogLine is where container engines split a line.
	maxLogLine = 16 << 10
	// keptRuns are the runs of a container whose logs are kept: this one and
	// the one before.
	keptRuns = 2
)

// Marks of a line in a log file, which has the format that container engines
// write: moment, stream, full or partial, text.
const (
	logStdout  = "stdout"
	logStderr  = "stderr"
	logFull    = "F"
	logPartial = "P"
)

// logPath is the log file of one run of a container.
func logPath(dir string, attempt int) string {
	return filepath.Join(dir, strconv.Itoa(attempt)+".log")
}

// logFile is the log of one run of a container.
type logFile struct {
	path  string
	clock clock.PassiveClock

	mu      sync.Mutex
	file    *os.File
	size    int64
	copying sync.WaitGroup
}

// openLog begins the log of a run and drops that of runs long ago.
func openLog(dir string, attempt int, clock clock.PassiveClock) (*logFile, error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, err
	}
	if old := attempt - keptRuns; old >= 0 {
		os.Remove(logPath(dir, old))
		os.Remove(logPath(dir, old) + ".1")
	}
	l := &logFile{path: logPath(dir, attempt), clock: clock}
	return l, l.open()
}

func (l *logFile) open() (err error) {
	l.size = 0
	l.file, err = os.OpenFile(l.path, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o600)
	return err
}

// copy logs all that is read from a stream until it ends.
func (l *logFile) copy(from io.ReadCloser, stream string) {
	l.copying.Add(1)
	go func() {
		defer l.copying.Done()
		defer from.Close()
		reader := bufio.NewReaderSize(from, maxLogLine)
		for {
			text, err := reader.ReadSlice('\n')
			if len(text) > 0 {
				l.write(stream, text)
			}
			if err != nil && !errors.Is(err, bufio.ErrBufferFull) {
				return
			}
		}
	}()
}

func (l *logFile) write(stream string, text []byte) {
	mark := logPartial
	if text[len(text)-1] == '\n' {
		mark, text = logFull, text[:len(text)-1]
	}
	line := fmt.Appendf(nil, "%s %s %s ", l.clock.Now().UTC().Format(time.RFC3339Nano), stream, mark)
	line = append(append(line, text...), '\n')
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.size+int64(len(line)) > maxLogFile {
		l.rotate()
	}
	n, _ := l.file.Write(line) // a full disk loses log lines, as it does elsewhere
	l.size += int64(n)
}

func (l *logFile) rotate() {
	l.file.Close()
	_ = os.Rename(l.path, l.path+".1")
	_ = l.open()
}

// finish waits until all output of a run that ended is written, but not for
// long: a process outside of the container may hold the stream open.
func (l *logFile) finish() {
	done := make(chan struct{})
	go func() { l.copying.Wait(); close(done) }()
	select {
	case <-done:
	case <-time.After(time.Second):
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	l.file.Close()
}

// logPipes makes the streams that a container without a terminal writes to.
func (l *logFile) logPipes() (stdout, stderr *os.File, err error) {
	outRead, outWrite, err := os.Pipe()
	if err != nil {
		return nil, nil, err
	}
	errRead, errWrite, err := os.Pipe()
	if err != nil {
		outRead.Close()
		outWrite.Close()
		return nil, nil, err
	}
	l.copy(outRead, logStdout)
	l.copy(errRead, logStderr)
	return outWrite, errWrite, nil
}

// terminal reads a terminal's end as the end of a stream.
type terminal struct{ *os.File }

func (t terminal) Read(p []byte) (int, error) {
	n, err := t.File.Read(p)
	if errors.Is(err, unix.EIO) { // nobody has its other side open any more
		err = io.EOF
	}
	return n, err
}
