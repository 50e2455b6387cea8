package main

import (
	"net/http"
	"net/http/httptest"
	"testing"
	"time"
)

func TestHandler(t *testing.T) {
	for _, test := range []struct {
		name, url, body string
		code            int
		atLeast         time.Duration
	}{
		{"greets", "/", "Hello Coffee!\n", http.StatusOK, 0},
		{"sleeps", "/?sleep=30", "Hello Coffee!\n", http.StatusOK, 30 * time.Millisecond},
		{"burns", "/?burn=20", "Hello Coffee!\n", http.StatusOK, 20 * time.Millisecond},
		{"refuses words", "/?sleep=long", "sleep=\"long\": give a whole number of milliseconds, such as sleep=100\n", http.StatusBadRequest, 0},
		{"refuses negative", "/?burn=-1", "burn=\"-1\": give a whole number of milliseconds, such as burn=100\n", http.StatusBadRequest, 0},
	} {
		t.Run(test.name, func(t *testing.T) {
			start := time.Now()
			answer := httptest.NewRecorder()
			handler("Coffee").ServeHTTP(answer, httptest.NewRequest(http.MethodGet, test.url, nil))
			if answer.Code != test.code || answer.Body.String() != test.body {
				t.Errorf("got %d %q, want %d %q", answer.Code, answer.Body, test.code, test.body)
			}
			if took := time.Since(start); took < test.atLeast {
				t.Errorf("answered after %v, want at least %v", took, test.atLeast)
			}
		})
	}
}
