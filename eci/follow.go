package eci

import (
	"context"
	"fmt"
	"io"
	"time"
)

const (
	// followFast and followSlow bound the pause between two looks at a log:
	// while lines come, and after a while without.
	followFast = time.Second
	followSlow = 8 * time.Second
	// followRate is how many looks a second all followers share: half of the
	// documented 500 a minute, so that plain reads of logs find room.
	followRate = 500.0 / 60 / 2
)

// gapNotice stands where lines may be lost: more came between two looks than
// one answer holds, and the service cannot be asked for the middle.
const gapNotice = "[ebb: lines may be missing here: more were written than the log service returns at once]\n"

// Follow writes a container's log to w as it grows. The service only answers
// questions, so the log is read again and again with an overlap. It returns
// when ended reports that the container is done and the rest is written, when
// o.LimitBytes are written, or when ctx ends. Failures that pass by themselves
// are waited out.
func (c *Client) Follow(ctx context.Context, id, container string, o LogOptions, w io.Writer, ended func() bool) error {
	c.followers.Add(1)
	defer c.followers.Add(-1)
	f := &follower{client: c, id: id, container: container, options: o, ended: ended}
	if o.LimitBytes > 0 {
		w = &limitedWriter{w: w, left: o.LimitBytes}
	}
	f.w = w
	if err := f.run(ctx); err != nil && err != errLimit {
		return fmt.Errorf("follow the log of container %s in %s: %w", container, id, err)
	}
	return nil
}

type follower struct {
	client        *Client
	id, container string
	options       LogOptions
	ended         func() bool
	w             io.Writer
}

func (f *follower) run(ctx context.Context) error {
	cursor := &logCursor{since: f.options.Since, tail: f.options.Tail, timestamps: f.options.Timestamps}
	pause := followFast
	for {
		// Asked before the look: what a container wrote last is there then.
		last := f.ended()
		grown, err := f.look(ctx, cursor)
		switch {
		case err != nil && (!IsRetryable(err) || ctx.Err() != nil):
			return err
		case err == nil && last:
			return nil
		case grown:
			pause = followFast
		default:
			pause = min(pause*3/2, followSlow)
		}
		if err := f.client.pause(ctx, max(pause, f.client.fairPause())); err != nil {
			return err
		}
	}
}

// look reads the log once and writes what is new.
func (f *follower) look(ctx context.Context, cursor *logCursor) (grown bool, err error) {
	content, err := f.client.Log(ctx, f.id, f.container, LogOptions{
		Tail: maxLogLines, Since: cursor.since, Previous: f.options.Previous, Timestamps: true,
	})
	if err != nil {
		return false, err
	}
	text := cursor.advance(content)
	if text == "" {
		return false, nil
	}
	_, err = io.WriteString(f.w, text)
	return true, err
}

// fairPause is the pause at which all followers together stay within their
// share of the quota.
func (c *Client) fairPause() time.Duration {
	return time.Duration(float64(c.followers.Load()) / followRate * float64(time.Second))
}

func (c *Client) pause(ctx context.Context, d time.Duration) error {
	timer := c.clock.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C():
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
