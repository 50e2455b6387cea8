package eci

import (
	"errors"
	"io"
)

// errLimit means that LogOptions.LimitBytes are written.
var errLimit = errors.New("byte limit reached")

// limitedWriter passes on so many bytes.
type limitedWriter struct {
	w    io.Writer
	left int
}

func (l *limitedWriter) Write(p []byte) (int, error) {
	if len(p) < l.left {
		n, err := l.w.Write(p)
		l.left -= n
		return n, err
	}
	n, err := l.w.Write(p[:l.left])
	l.left -= n
	if err == nil {
		err = errLimit
	}
	return n, err
}
