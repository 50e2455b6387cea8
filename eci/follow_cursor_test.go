package eci

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"time"
)

func TestCursor(t *testing.T) {
	const s1, s2, s3 = "2026-03-01T00:00:01.1Z ", "2026-03-01T00:00:02.2Z ", "2026-03-01T00:00:09.3Z "
	tests := []struct {
		name   string
		cursor logCursor
		looks  [][2]string // answer, new text
	}{
		{
			name: "grows",
			looks: [][2]string{
				{"", ""},
				{s1 + "a\n", "a\n"},
				{s1 + "a\n", ""},
				{s1 + "a\n" + s1 + "b\n", "b\n"},
				{s1 + "a\n" + s1 + "b\n" + s2 + "c\n" + s3 + "d\n", "c\nd\n"},
				{s3 + "d\n" + s3 + "e\n", "e\n"},
			},
		},
		{
			name: "the same line again, at the same time",
			looks: [][2]string{
				{s1 + "x\n" + s1 + "x\n", "x\nx\n"},
				{s1 + "x\n" + s1 + "x\n", ""},
				{s1 + "x\n" + s1 + "x\n" + s1 + "x\n", "x\n"},
			},
		},
		{
			name: "a line that is written in parts",
			looks: [][2]string{
				{s1 + "a\n" + s1 + "50%", "a\n50%"},
				{s1 + "a\n" + s1 + "50%", ""},
				{s1 + "a\n" + s1 + "50% 90%", " 90%"},
				{s1 + "a\n" + s1 + "50% 90%\n", "\n"},
				{s1 + "a\n" + s1 + "50% 90%\n" + s2 + "b", "b"},
				{s1 + "a\n" + s1 + "50% 90%\n" + s2 + "b\n" + s2 + "c\n", "\nc\n"},
			},
		},
		{
			name: "an answer that is older than the last",
			looks: [][2]string{
				{s1 + "a\n" + s1 + "b\n", "a\nb\n"},
				{s1 + "a\n", ""},
				{s1 + "a\n" + s1 + "b\n" + s1 + "c\n", "c\n"},
			},
		},
		{
			name: "a container that was restarted",
			looks: [][2]string{
				{s1 + "a\n" + s1 + "b", "a\nb"},
				{s2 + "new\n", "\nnew\n"},
				{s2 + "new\n" + s3 + "more\n", "more\n"},
			},
		},
		{name: "tail", cursor: logCursor{tail: 2}, looks: [][2]string{
			{s1 + "a\n" + s1 + "b\n" + s1 + "c\n", "b\nc\n"},
			{s1 + "a\n" + s1 + "b\n" + s1 + "c\n" + s1 + "d\n" + s1 + "e\n" + s1 + "f\n", "d\ne\nf\n"},
		}},
		{name: "time stamps", cursor: logCursor{timestamps: true}, looks: [][2]string{
			{s1 + "a\n", s1 + "a\n"},
			{s1 + "a\n" + s2 + "b", s2 + "b"},
		}},
		{name: "without time stamps", looks: [][2]string{
			{"a\nb c\n", "a\nb c\n"},
			{"a\nb c\nd\n", "d\n"},
		}},
		{name: "empty lines", looks: [][2]string{
			{s1 + "\n" + s1 + "a\n", "\na\n"},
			{s1 + "\n" + s1 + "a\n" + s1 + "\n", "\n"},
		}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			c := tt.cursor
			for i, look := range tt.looks {
				if got := c.advance(look[0]); got != look[1] {
					t.Errorf("look %d: %q, want %q", i, got, look[1])
				}
			}
		})
	}
}

// logStore is a log as the service keeps it, with the caps of one answer.
type logStore struct {
	lines []string // with time stamps
	now   time.Time
}

func (l *logStore) write(text string) {
	l.lines = append(l.lines, l.now.Format(time.RFC3339Nano)+" "+text)
}

func (l *logStore) read(since time.Time, tail int) string {
	var out []string
	for _, line := range l.lines {
		// StartTime has whole seconds.
		if t := lineTime(line); !t.Before(since.Truncate(time.Second)) {
			out = append(out, line)
		}
	}
	if len(out) > tail {
		out = out[len(out)-tail:]
	}
	if len(out) == 0 {
		return ""
	}
	return strings.Join(out, "\n") + "\n"
}

// Whatever the rhythm of writing and looking, every line comes once and in
// order, as long as no more are written between two looks than one answer
// holds.
func TestCursorLosesAndRepeatsNothing(t *testing.T) {
	for seed := range uint64(50) {
		random := rand.New(rand.NewPCG(seed, 1))
		store := &logStore{now: time.Date(2026, 3, 1, 0, 0, 0, 0, time.UTC)}
		cursor := &logCursor{}
		var got, want strings.Builder
		for look := range 60 {
			for n := range random.IntN(40) {
				text := fmt.Sprintf("line %d.%d", look, n/2) // every line twice
				store.write(text)
				want.WriteString(text + "\n")
				store.now = store.now.Add(time.Duration(random.IntN(3)) * 20 * time.Millisecond)
			}
			// 100 lines are fewer than two seconds of overlap may hold.
			got.WriteString(cursor.advance(store.read(cursor.since, 100)))
			store.now = store.now.Add(time.Duration(random.IntN(2000)) * time.Millisecond)
		}
		if got.String() != want.String() {
			t.Fatalf("seed %d: got %d bytes, want %d", seed, got.Len(), want.Len())
		}
	}
}

func TestCursorTellsOfLostLines(t *testing.T) {
	store := &logStore{now: time.Date(2026, 3, 1, 0, 0, 0, 0, time.UTC)}
	cursor := &logCursor{}
	store.write("first")
	cursor.advance(store.read(cursor.since, maxLogLines))
	for i := range maxLogLines {
		store.now = store.now.Add(time.Millisecond)
		store.write(fmt.Sprint(i))
	}
	store.now = store.now.Add(time.Millisecond)
	store.write("last")
	got := cursor.advance(store.read(cursor.since, maxLogLines))
	if !strings.HasPrefix(got, gapNotice+"1\n") || !strings.HasSuffix(got, "\nlast\n") {
		t.Errorf("got %q...", got[:min(200, len(got))])
	}
	store.write("after")
	if got := cursor.advance(store.read(cursor.since, maxLogLines)); got != "after\n" {
		t.Errorf("got %q", got)
	}
}

// A service that cuts the end of a long answer off, and a second that is
// longer than an answer.
func TestCursorGetsPastALongSecond(t *testing.T) {
	const s1, s2 = "2026-03-01T00:00:01Z ", "2026-03-01T00:00:02Z "
	line := s1 + strings.Repeat("x", 1000) + "\n"
	cut := strings.Repeat(line, maxLogBytes/len(line)+1)[:maxLogBytes]
	if cut = cut[:strings.LastIndex(cut, "\n")+5]; len(cut) < maxLogBytes { // within a time stamp
		cut = strings.Replace(cut, "x", strings.Repeat("x", maxLogBytes-len(cut)+1), 1)
	}
	cursor := &logCursor{}
	if got := cursor.advance(cut); len(got) < maxLogBytes*9/10 {
		t.Fatalf("%d bytes of the first answer", len(got))
	}
	if got := cursor.advance(cut); got != gapNotice {
		t.Errorf("got %q", got)
	}
	if want := lineTime(s2); !cursor.since.Equal(want) {
		t.Errorf("looks from %v on, want %v", cursor.since, want)
	}
	if got := cursor.advance(s2 + "y\n"); got != "y\n" {
		t.Errorf("got %q", got)
	}
}
