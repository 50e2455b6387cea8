package test

import (
	"testing"

	"github.com/ebb-node/ebb/region/internal/load"
	"github.com/ebb-node/ebb/region/internal/testregion"
)

// ksvc is a Knative Service of the coffee shop's program.
type ksvc testregion.Service

func (s ksvc) host() string       { return testregion.Service(s).Host() }
func (s ksvc) apply(t *testing.T) { t.Helper(); region.Serve(t, testregion.Service(s)) }
func (s ksvc) share(t *testing.T, percents map[string]int) {
	t.Helper()
	region.Share(t, testregion.Service(s), percents)
}

func applyText(t *testing.T, text string)            { t.Helper(); region.Apply(t, text) }
func gateway(t *testing.T) string                    { t.Helper(); return region.Gateway(t) }
func at(t *testing.T, host, path string) load.Target { t.Helper(); return region.At(t, host, path) }
func lossless(t *testing.T, during string, report load.Report) {
	t.Helper()
	testregion.Lossless(t, during, report)
}
func answering(t *testing.T, target load.Target, want string) {
	t.Helper()
	region.Answering(t, target, want)
}
