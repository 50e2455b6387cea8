package simulate

import (
	"bytes"
	"encoding/xml"
	"errors"
	"io"
	"testing"
	"time"
)

func TestPlotIsAnImage(t *testing.T) {
	trace := &Trace{Name: "one request", Length: time.Hour, Arrivals: []Arrival{{At: time.Minute}}}
	var results []*Result
	for _, s := range Strategies() {
		r, err := Run(trace, s, Defaults(), market(t))
		if err != nil {
			t.Fatal(err)
		}
		results = append(results, r)
	}
	var b bytes.Buffer
	if err := Plot(&b, trace, results); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"always on", "scale to zero", "standard", "one request", "hours"} {
		if !bytes.Contains(b.Bytes(), []byte(want)) {
			t.Errorf("the image lacks %q", want)
		}
	}
	paths := 0
	decoder := xml.NewDecoder(&b)
	for {
		token, err := decoder.Token()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			t.Fatalf("no SVG: %v", err)
		}
		if e, ok := token.(xml.StartElement); ok && e.Name.Local == "path" {
			paths++
		}
	}
	if paths < 10 {
		t.Errorf("only %d paths in the image", paths)
	}
}
