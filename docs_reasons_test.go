package ebb_test

import (
	"regexp"
	"strings"
	"testing"
)

// TestEveryReasonIsDocumented is about events and statuses that users see.
func TestEveryReasonIsDocumented(t *testing.T) {
	var text strings.Builder
	for _, name := range []string{"install", "annotations", "limits", "reserve", "gateway"} {
		text.WriteString(document(t, "docs/"+name+".md"))
	}
	reason := regexp.MustCompile(`^Reason[A-Z]`)
	seen := 0
	for name, value := range values(t, "gateway", "gateway/ingress", "provider", "provider/credits", "provider/node", "provider/resolve", "provider/status", "provider/translate", "reserve", "reserve/decide") {
		if !reason.MatchString(name) {
			continue
		}
		for _, word := range stringsOf(value) {
			seen++
			if !strings.Contains(text.String(), word) {
				t.Errorf("no document explains the reason %s", word)
			}
		}
	}
	if seen < 40 {
		t.Fatalf("only %d reasons found; this test would see too little", seen)
	}
}
