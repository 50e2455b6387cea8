package conformance

import (
	"bufio"
	"fmt"
	"io"
	"regexp"
	"slices"
	"strings"
)

// Outcome of a test, as "go test -v" writes it.
type Outcome string

// The outcomes that a test can have.
const (
	Passed  Outcome = "PASS"
	Failed  Outcome = "FAIL"
	Skipped Outcome = "SKIP"
)

// Report is what one run of the suite said.
type Report struct {
	// Outcomes of the suite's tests by their names, such as "visibility/split".
	Outcomes map[string]Outcome
	// said is what tests said, by their full names.
	said map[string][]string
	// end is what was said last, of a run that broke off for example.
	end []string
}

// enough lines to see what happened.
const enough = 40

var (
	// "=== RUN   TestConformance/tls" begins or resumes what a test says.
	turn = regexp.MustCompile(`^=== [A-Z]+ +(\S+)$`)
	// The tests of the suite are one level below its function, and so they are
	// indented. Names do not tell: visibility/split is a test of its own,
	// visibility/fqdn is a part of visibility.
	outcome = regexp.MustCompile(`^ {4}--- (PASS|FAIL|SKIP): [^/ ]+/(\S+) \(`)
	nested  = regexp.MustCompile(`^ *--- (PASS|FAIL|SKIP): `)
)

// Read takes in what "go test -v" says of a function that has the suite's tests
// as its subtests.
func Read(output io.Reader) (*Report, error) {
	r := &Report{Outcomes: map[string]Outcome{}, said: map[string][]string{}}
	lines := bufio.NewScanner(output)
	lines.Buffer(nil, 1<<20) // a line with a whole answer is long
	whose := ""
	for lines.Scan() {
		line := lines.Text()
		r.end = lastOf(append(r.end, line))
		if m := turn.FindStringSubmatch(line); m != nil {
			whose = m[1]
		} else if m := outcome.FindStringSubmatch(line); m != nil {
			r.Outcomes[m[2]] = Outcome(m[1])
		} else if !nested.MatchString(line) {
			r.said[whose] = lastOf(append(r.said[whose], line))
		}
	}
	return r, lines.Err()
}

func lastOf(lines []string) []string { return lines[max(0, len(lines)-enough):] }

// Named are the tests with an outcome, sorted.
func (r *Report) Named(o Outcome) []string {
	var names []string
	for name, is := range r.Outcomes {
		if is == o {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return names
}

// String has the counts.
func (r *Report) String() string {
	counts := fmt.Sprintf("%d tests: %d passed, %d failed, %d skipped",
		len(r.Outcomes), len(r.Named(Passed)), len(r.Named(Failed)), len(r.Named(Skipped)))
	if failed := r.Named(Failed); len(failed) > 0 {
		counts += "; failed: " + strings.Join(failed, ", ")
	}
	return counts
}

// Said is the end of what a test and its parts said.
func (r *Report) Said(name string) string {
	var out []string
	for whose, lines := range r.said {
		_, part, _ := strings.Cut(whose, "/")
		if part == name || strings.HasPrefix(part, name+"/") && r.Outcomes[part] == "" {
			out = append(out, whose+"\n"+strings.Join(lines, "\n"))
		}
	}
	slices.Sort(out)
	return strings.Join(out, "\n")
}

// End is the end of all that was said.
func (r *Report) End() string { return strings.Join(r.end, "\n") }
