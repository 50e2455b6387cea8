package demo

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"time"

	"github.com/ebb-node/ebb/region/internal/load"
)

const (
	crowd    = 90
	rushHour = 30 * time.Second
	// Each customer stays for a time; so many at once are coffee's target.
	stay         = 100 * time.Millisecond
	coffeeTarget = 10
	// warm is how many answers show what a warm one takes.
	warm = 200
)

// rush lets a crowd in: pods come with it.
func rush(ctx context.Context, s *Story) error {
	if _, err := s.kubectl(ctx, "get", "pod"); err != nil {
		return err
	}
	revision, err := s.revision(ctx)
	if err != nil {
		return err
	}
	report, most, err := s.flood(ctx, crowd, rushHour, revision)
	if want := report.Pods(rushHour, stay, coffeeTarget); err == nil && most[revision] < want {
		err = fmt.Errorf("at most %d pods ran, want %d", most[revision], want)
	}
	return err
}

// flood keeps requests in flight for a time, and answers what came of them and
// how many pods each revision had at most.
func (s *Story) flood(ctx context.Context, inFlight int, d time.Duration, revisions ...string) (load.Report, map[string]int, error) {
	path := fmt.Sprintf("/?sleep=%d", stay.Milliseconds())
	s.alike("hey -z %.0fs -c %d --host \"%s\" \"http://%s%s\"", d.Seconds(), inFlight, coffeeHost, s.gateway, path)
	run := load.Start(ctx, s.Region.HTTP(), load.Target{URL: "http://" + s.gateway + path, Host: coffeeHost}, load.Shape{InFlight: inFlight})
	most, err := s.watch(ctx, d, revisions)
	report := run.Stop()
	if err != nil {
		return report, most, err
	}
	return report, most, s.served("the crowd", report)
}

// watch shows for a time how many pods revisions have.
func (s *Story) watch(ctx context.Context, d time.Duration, revisions []string) (map[string]int, error) {
	const every = 3 * time.Second
	most := map[string]int{}
	for start := time.Now(); time.Since(start) < d; {
		if err := pause(ctx, every); err != nil {
			return most, err
		}
		pods, err := s.pods(ctx)
		if err != nil {
			return most, err
		}
		ready := readyPods(pods)
		shown := make([]string, len(revisions))
		for i, revision := range revisions {
			shown[i] = fmt.Sprintf("%2d of %s", ready[revision], revision)
			most[revision] = max(most[revision], ready[revision])
		}
		fmt.Fprintf(s.Out, "   %2.0f s: ready are %s\n", time.Since(start).Seconds(), strings.Join(shown, ", "))
	}
	return most, nil
}

// ebbs waits until the tide is out: coffee sleeps on its reserve.
func ebbs(ctx context.Context, s *Story) error {
	revision, err := s.revision(ctx)
	if err != nil {
		return err
	}
	return s.tideOut(ctx, revision)
}

// tideOut waits until the pods of revisions are one reserve each, and shows them.
func (s *Story) tideOut(ctx context.Context, revisions ...string) error {
	start := time.Now()
	if err := s.await(ctx, "on a reserve alone", func(pods []pod) bool {
		return asleep(pods, revisions...) && len(pods) == len(revisions)
	}); err != nil {
		return err
	}
	fmt.Fprintf(s.Out, "   %.0f s after the last customer:\n", time.Since(start).Seconds())
	_, err := s.kubectl(ctx, "get", "pod")
	return err
}

// firstCustomer is answered by the reserve, as fast as by a warm pod; standard
// pods come up and take over, and nobody notices.
func firstCustomer(ctx context.Context, s *Story) error {
	revision, err := s.revision(ctx)
	if err != nil {
		return err
	}
	client := s.Region.HTTP()
	defer client.CloseIdleConnections()
	start := time.Now()
	answer, err := s.ask(ctx, client, coffeeHost, "/")
	first := time.Since(start)
	if err != nil {
		return err
	}
	s.alike("curl -H \"Host: %s\" http://%s/", coffeeHost, s.gateway)
	fmt.Fprintf(s.Out, "   %s   after %.1f ms\n", strings.TrimSpace(answer), ms(first))
	if err := expect("answer of "+coffeeHost, answer, "Hello coffee!"); err != nil {
		return err
	}
	if err := s.handOver(ctx, revision); err != nil {
		return err
	}
	slow, err := s.slowest(ctx, client)
	if err != nil {
		return err
	}
	fmt.Fprintf(s.Out, "   the first answer took %.1f ms; of %d warm ones, 99 %% took at most %.1f ms\n", ms(first), warm, ms(slow))
	if first > slow+20*time.Millisecond {
		return fmt.Errorf("the first answer took %v, a warm one %v: that was no reserve", first, slow)
	}
	_, err = s.kubectl(ctx, "get", "pod")
	return err
}

// handOver lets a customer ask until standard pods of a revision have taken over
// from its reserve.
func (s *Story) handOver(ctx context.Context, revision string) error {
	customer := s.steady(ctx, coffeeHost, "/")
	over := s.await(ctx, "on standard pods alone", func(pods []pod) bool { return awake(pods, revision) })
	report := customer.Stop()
	if over != nil {
		return over
	}
	return s.served("until standard pods had taken over", report)
}

// slowest is what 99 of 100 warm answers take at most.
func (s *Story) slowest(ctx context.Context, client *http.Client) (time.Duration, error) {
	target := load.Target{URL: "http://" + s.gateway + "/", Host: coffeeHost}
	report := load.For(ctx, warm*time.Second/steadily, client, target, load.Shape{PerSecond: steadily})
	if report.Failed > 0 {
		return 0, errors.New(report.String())
	}
	return report.Quantile(0.99), nil
}

func ms(d time.Duration) float64 { return float64(d) / float64(time.Millisecond) }
