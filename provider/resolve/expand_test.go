package resolve

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestExpand(t *testing.T) {
	lookup := func(name string) (value, bool) {
		switch name {
		case "A":
			return value{text: "one"}, true
		case "EMPTY":
			return value{}, true
		case "IP":
			return value{fieldPath: PodIPFieldPath}, true
		}
		return value{}, false
	}
	for _, tc := range []struct {
		in, want string
		late     []string
	}{
		{in: "", want: ""},
		{in: "plain", want: "plain"},
		{in: "$(A)", want: "one"},
		{in: "x$(A)y$(A)", want: "xoneyone"},
		{in: "$(EMPTY)", want: ""},
		{in: "$(UNKNOWN)", want: "$(UNKNOWN)"},
		{in: "$$(A)", want: "$(A)"},
		{in: "$$$(A)", want: "$one"},
		{in: "$$$$(A)", want: "$$(A)"},
		{in: "$", want: "$"},
		{in: "$$", want: "$"},
		{in: "$A", want: "$A"},
		{in: "${A}", want: "${A}"},
		{in: "$(A", want: "$(A"},
		{in: "$()", want: "$()"},
		{in: "$(A)$", want: "one$"},
		{in: "$($(A))", want: "$($(A))"},
		{in: "http://$(IP):80", want: "http://$(IP):80", late: []string{"IP"}},
	} {
		got, late := expand(tc.in, lookup)
		if got != tc.want || !cmp.Equal(late, tc.late) {
			t.Errorf("expand(%q) = %q, %v; want %q, %v", tc.in, got, late, tc.want, tc.late)
		}
	}
}

func FuzzExpand(f *testing.F) {
	for _, s := range []string{"", "$", "$(A)", "$$(A)", "$(", "a$(B)c$$d"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		none := func(string) (value, bool) { return value{}, false }
		got, late := expand(s, none)
		if len(late) != 0 {
			t.Errorf("expand(%q) found %v without any variables", s, late)
		}
		if len(got) > len(s) {
			t.Errorf("expand(%q) grew to %q", s, got)
		}
	})
}

func TestValidEnvName(t *testing.T) {
	for name, want := range map[string]bool{
		"A": true, "_": true, "a_B_9": true, string(make([]byte, 128)): false,
		"": false, "9A": false, "A-B": false, "a.b": false, "ü": false,
	} {
		if got := ValidEnvName(name); got != want {
			t.Errorf("ValidEnvName(%q) = %v", name, got)
		}
	}
	long := ""
	for range maxEnvName {
		long += "A"
	}
	if !ValidEnvName(long) || ValidEnvName(long+"A") {
		t.Error("the limit of 128 characters is not kept")
	}
}
