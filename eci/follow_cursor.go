package eci

import (
	"strings"
	"time"
)

// followOverlap is how far each look reaches back before the last line's
// second: lines of the two output streams may be out of order by a little, and
// StartTime counts whole seconds.
const followOverlap = time.Second

// logCursor remembers how much of a growing log was passed on. Answers carry
// time stamps and begin at since; an answer therefore starts with lines that
// were seen, unless so many came that the service cut its head off.
type logCursor struct {
	since      time.Time
	tail       int  // lines to show of the first answer; zero: all
	timestamps bool // pass the time stamps on

	seen  []string // lines of the last answer from since on
	open  bool     // the last of them had no line end yet
	begun bool
}

// advance takes an answer and returns the text that is new.
func (c *logCursor) advance(content string) string {
	lines, open := splitLines(content)
	if len(lines) == 0 || c.stale(lines) && !c.grownOpen(lines, open) {
		return c.leap(content)
	}
	n := c.overlap(lines)
	var b strings.Builder
	c.finishOpen(&b, lines, n, open)
	fresh := c.fresh(lines, n)
	if n == 0 && len(c.seen) > 0 && full(content, lines) {
		b.WriteString(gapNotice)
	}
	for i, line := range fresh {
		b.WriteString(c.render(line))
		if !open || i < len(fresh)-1 {
			b.WriteByte('\n')
		}
	}
	if n > 0 || len(fresh) > 0 {
		c.remember(lines, open)
	}
	c.begun = true
	return b.String()
}

// leap gets past a second in which more was written than the 1 MiB that an
// answer starts with: looking from the same second on would show the same for
// ever.
func (c *logCursor) leap(content string) string {
	if len(content) < maxLogBytes || len(c.seen) == 0 {
		return ""
	}
	last := lineTime(c.seen[len(c.seen)-1])
	if last.IsZero() {
		return ""
	}
	c.since, c.seen = last.Truncate(time.Second).Add(time.Second), nil
	if c.open {
		c.open = false
		return "\n" + gapNotice
	}
	return gapNotice
}

// stale reports an answer that ends where the last one did or before.
func (c *logCursor) stale(lines []string) bool {
	return len(lines) <= len(c.seen) && equalLines(lines, c.seen[:len(lines)])
}

// grownOpen reports that the line that was open has its end now.
func (c *logCursor) grownOpen(lines []string, open bool) bool {
	return c.open && !open && len(lines) == len(c.seen)
}

// overlap is how many of the first lines were seen: the longest end of what
// was seen that the answer starts with.
func (c *logCursor) overlap(lines []string) int {
	for n := min(len(c.seen), len(lines)); n > 0; n-- {
		last := c.seen[len(c.seen)-1]
		if !equalLines(c.seen[len(c.seen)-n:len(c.seen)-1], lines[:n-1]) {
			continue
		}
		if lines[n-1] == last || c.open && strings.HasPrefix(lines[n-1], last) {
			return n
		}
	}
	return 0
}

// finishOpen writes what an open line has grown by, and its end if it has one
// now.
func (c *logCursor) finishOpen(b *strings.Builder, lines []string, n int, open bool) {
	if !c.open {
		return
	}
	if n == 0 {
		b.WriteByte('\n')
		return
	}
	b.WriteString(lines[n-1][len(c.seen[len(c.seen)-1]):])
	if n < len(lines) || !open {
		b.WriteByte('\n')
	}
}

// fresh are the lines to pass on. Without any overlap those count that are
// younger than all that was seen: a container that was restarted has a new
// log.
func (c *logCursor) fresh(lines []string, n int) []string {
	if !c.begun && c.tail > 0 && len(lines) > c.tail {
		return lines[len(lines)-c.tail:]
	}
	if n > 0 || len(c.seen) == 0 {
		return lines[n:]
	}
	last := lineTime(c.seen[len(c.seen)-1])
	for i, line := range lines {
		if t := lineTime(line); t.After(last) {
			return lines[i:]
		}
	}
	return nil
}

// remember moves since forward and keeps the lines from there on.
func (c *logCursor) remember(lines []string, open bool) {
	c.seen, c.open = lines, open
	last := lineTime(lines[len(lines)-1])
	if last.IsZero() {
		return
	}
	since := last.Truncate(time.Second).Add(-followOverlap)
	if !since.After(c.since) {
		return
	}
	c.since, c.seen = since, nil
	for _, line := range lines {
		t := lineTime(line)
		if t.IsZero() && len(c.seen) > 0 || !t.IsZero() && !t.Before(since) {
			c.seen = append(c.seen, line)
		}
	}
}

func (c *logCursor) render(line string) string {
	if c.timestamps || lineTime(line).IsZero() {
		return line
	}
	_, text, _ := strings.Cut(line, " ")
	return text
}

// lineTime is the time stamp that a line starts with, or zero.
func lineTime(line string) time.Time {
	word, _, _ := strings.Cut(line, " ")
	t, err := time.Parse(time.RFC3339Nano, word)
	if err != nil {
		return time.Time{}
	}
	return t
}

// splitLines cuts content; open reports that the last line has no line end. A
// last line that was cut within its time stamp is left for the next answer.
func splitLines(content string) (lines []string, open bool) {
	if content == "" {
		return nil, false
	}
	open = !strings.HasSuffix(content, "\n")
	lines = strings.Split(strings.TrimSuffix(content, "\n"), "\n")
	last := len(lines) - 1
	if open && last > 0 && lineTime(lines[last]).IsZero() && !lineTime(lines[last-1]).IsZero() {
		return lines[:last], false
	}
	return lines, open
}

// full reports an answer that a cap may have cut.
func full(content string, lines []string) bool {
	return len(lines) >= maxLogLines || len(content) >= maxLogBytes
}

func equalLines(a, b []string) bool {
	if len(a) != len(b) {
		return false
	}
	for i := range a {
		if a[i] != b[i] {
			return false
		}
	}
	return true
}
