package demo

import (
	"context"
	"fmt"
	"maps"
	"slices"

	"github.com/ebb-node/ebb/region/internal/load"
)

const (
	// enough requests show each share within one percentage point.
	enough    = 10000
	customers = 8
	// steadily is how often a customer asks in a second while something goes on.
	steadily = 50
)

// shares asks many times and checks how often each answer came.
func (s *Story) shares(ctx context.Context, host, path string, want map[string]int) error {
	for answer := range want {
		// All versions serve before they are counted.
		if err := s.until(ctx, host, path, answer); err != nil {
			return err
		}
	}
	s.alike("for i in $(seq %d); do curl -H \"Host: %s\" http://%s%s; done | sort | uniq -c", enough, host, s.gateway, path)
	target := load.Target{URL: "http://" + s.gateway + path, Host: host}
	report := load.Start(ctx, s.Region.HTTP(), target, load.Shape{InFlight: customers, Requests: enough}).Wait()
	if report.Failed > 0 {
		return fmt.Errorf("%s%s: %s", host, path, &report)
	}
	got := report.Answers
	for _, answer := range slices.Sorted(maps.Keys(got)) {
		fmt.Fprintf(s.Out, "   %6d %s\n", got[answer], answer)
	}
	for answer, percent := range want {
		if share := report.Share(answer); share < float64(percent)-1 || share > float64(percent)+1 {
			return fmt.Errorf("%q came in %.2f %% of the answers, want %d %%", answer, report.Share(answer), percent)
		}
	}
	if len(got) != len(want) {
		return fmt.Errorf("%d different answers, want %d", len(got), len(want))
	}
	return nil
}

// steady starts a customer who asks again and again.
func (s *Story) steady(ctx context.Context, host, path string) *load.Run {
	return load.Start(ctx, s.Region.HTTP(), load.Target{URL: "http://" + s.gateway + path, Host: host}, load.Shape{PerSecond: steadily})
}

// served is an error unless every request was answered.
func (s *Story) served(during string, report load.Report) error {
	fmt.Fprintf(s.Out, "   %s: %s\n", during, &report)
	if report.Failed > 0 {
		return fmt.Errorf("%s: %d of %d requests failed", during, report.Failed, report.Requests)
	}
	return nil
}
