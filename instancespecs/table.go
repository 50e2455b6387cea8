package instancespecs

import (
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
)

// table reads a CSV text whose first line names the columns and whose lines
// that start with # are comments.
type table struct {
	name   string
	reader *csv.Reader
	column map[string]int
	row    []string
	errs   []error // what is wrong with the present row
}

func newTable(name, text string, columns ...string) (*table, error) {
	r := csv.NewReader(strings.NewReader(text))
	r.Comment = '#'
	r.ReuseRecord = true
	head, err := r.Read()
	if err != nil {
		return nil, fmt.Errorf("%s: no line that names the columns: %w", name, err)
	}
	t := &table{name: name, reader: r, column: make(map[string]int, len(head))}
	for i, c := range head {
		t.column[c] = i
	}
	for _, c := range columns {
		if _, ok := t.column[c]; !ok {
			return nil, fmt.Errorf("%s: column %q is missing, have %s", name, c, strings.Join(head, ","))
		}
	}
	return t, nil
}

// next moves to the next row; it returns false at the end.
func (t *table) next() (bool, error) {
	row, err := t.reader.Read()
	if errors.Is(err, io.EOF) {
		return false, nil
	}
	if err != nil {
		return false, fmt.Errorf("%s: %w", t.name, err)
	}
	t.row, t.errs = row, nil
	return true, nil
}

func (t *table) text(column string) string { return t.row[t.column[column]] }

// number reads a column of the present row; empty is 0.
func (t *table) number(column string) float64 {
	s := t.text(column)
	if s == "" {
		return 0
	}
	v, err := strconv.ParseFloat(s, 64)
	if err != nil || v < 0 || v > 1e12 || v != v {
		t.fail(column, "is not a number of 0 or more")
	}
	return v
}

func (t *table) fail(column, problem string) {
	line, _ := t.reader.FieldPos(t.column[column])
	t.errs = append(t.errs, fmt.Errorf("%s line %d: %s %q %s", t.name, line, column, t.text(column), problem))
}

// err returns what was wrong with the columns read from the present row.
func (t *table) err() error { return errors.Join(t.errs...) }
