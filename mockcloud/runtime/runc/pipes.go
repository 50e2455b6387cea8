package runc

import (
	"errors"
	"io"
	"os"
	"sync"
)

// copyOutput passes a stream on; nil means that nobody wants it.
func copyOutput(wait *sync.WaitGroup, to io.Writer, from io.Reader) {
	if to == nil {
		to = io.Discard
	}
	wait.Add(1)
	go func() {
		defer wait.Done()
		_, _ = io.Copy(to, from)
		_, _ = io.Copy(io.Discard, from) // a writer that fails must not block the command
	}()
}

// pipes connect a command's streams.
type pipes struct {
	ours, theirs []*os.File
	start        []func(*sync.WaitGroup)
	err          error
}

func (p *pipes) make() (read, write *os.File) {
	read, write, err := os.Pipe()
	p.err = errors.Join(p.err, err)
	return read, write
}

// input answers what a command reads from; the end of the stream reaches it.
func (p *pipes) input(from io.Reader) *os.File {
	if from == nil || p.err != nil {
		return nil
	}
	read, write := p.make()
	p.ours, p.theirs = append(p.ours, write), append(p.theirs, read)
	p.start = append(p.start, func(*sync.WaitGroup) {
		go func() {
			_, _ = io.Copy(write, from)
			write.Close()
		}()
	})
	return read
}

// output answers what a command writes to.
func (p *pipes) output(to io.Writer) *os.File {
	if to == nil || p.err != nil {
		return nil
	}
	read, write := p.make()
	p.ours, p.theirs = append(p.ours, read), append(p.theirs, write)
	p.start = append(p.start, func(wait *sync.WaitGroup) { copyOutput(wait, to, read) })
	return write
}

func (p *pipes) copy(wait *sync.WaitGroup) {
	for _, start := range p.start {
		start(wait)
	}
}

// handedOver closes the command's ends here once it has them.
func (p *pipes) handedOver() {
	for _, f := range p.theirs {
		f.Close()
	}
	p.theirs = nil
}

func (p *pipes) close() {
	p.handedOver()
	for _, f := range p.ours {
		f.Close()
	}
}
