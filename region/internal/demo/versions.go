package demo

import (
	"context"
	"fmt"
	"time"
)

// The versions of coffee that share the customers, by their answers.
const (
	v1, v2, v3 = "coffee-v1", "coffee-v2", "coffee-v3"
	// both are the customers of two versions at once, as in the story's documents;
	// they stay as long as it takes to see the pods grow.
	both     = 100
	bothStay = 15 * time.Second
)

// says is what a version answers.
func says(version string) string { return "Hello " + version + "!" }

// chosenReserve gives coffee a reserve of the size that it names.
func chosenReserve(ctx context.Context, s *Story) error {
	if err := s.serve(ctx, "examples/coffee/coffee-set-reserve.yaml", "coffee"); err != nil {
		return err
	}
	if err := s.until(ctx, coffeeHost, "/", says("coffee-set-reserve")); err != nil {
		return err
	}
	revision, err := s.revision(ctx)
	if err != nil {
		return err
	}
	if err := s.await(ctx, "on its reserve", func(pods []pod) bool { return asleep(pods, revision) }); err != nil {
		return err
	}
	if _, err := s.kubectl(ctx, "get", "pod"); err != nil {
		return err
	}
	pods, err := s.pods(ctx)
	if err != nil {
		return err
	}
	reserve := staying(pods, revision, true)
	if len(reserve) != 1 {
		return fmt.Errorf("revision %s has %d reserve pods, want 1", revision, len(reserve))
	}
	fmt.Fprintf(s.Out, "   annotations of %s:\n", reserve[0].name)
	for _, want := range []struct{ key, value string }{
		{"k8s.aliyun.com/eci-instance-cpu", "2.000"},
		{"k8s.aliyun.com/eci-instance-mem", "4.00"},
		{"k8s.aliyun.com/eci-instance-spec", "ecs.t5-c1m2.large"},
	} {
		got := reserve[0].annotations[want.key]
		fmt.Fprintf(s.Out, "     %s: %s\n", want.key, got)
		if got != want.value {
			return fmt.Errorf("annotation %s of %s is %q, want %q", want.key, reserve[0].name, got, want.value)
		}
	}
	return nil
}

// upgrade replaces coffee by a new version while a customer keeps asking.
func upgrade(ctx context.Context, s *Story) error {
	old, err := s.revision(ctx)
	if err != nil {
		return err
	}
	if err := s.handOver(ctx, old); err != nil {
		return err
	}
	if _, err := s.kubectl(ctx, "get", "pod"); err != nil {
		return err
	}
	customer := s.steady(ctx, coffeeHost, "/")
	if err := s.serve(ctx, "examples/coffee/coffee-v1.yaml", "coffee"); err != nil {
		customer.Stop()
		return err
	}
	err = s.until(ctx, coffeeHost, "/", says(v1))
	report := customer.Stop()
	if err != nil {
		return err
	}
	if err := s.served("while it was replaced", report); err != nil {
		return err
	}
	if err := s.curl(ctx, coffeeHost, "/", says(v1)); err != nil {
		return err
	}
	if _, err := s.kubectl(ctx, "get", "pod"); err != nil {
		return err
	}
	pods, err := s.pods(ctx)
	if err == nil && readyPods(pods)[v1] == 0 {
		err = fmt.Errorf("%s answers and has no ready pod", v1)
	}
	s.replaced = old
	return err
}

// twoVersions splits the requests between two versions. The pods of the version
// that was replaced before have ended by then, or finish what they have.
func twoVersions(ctx context.Context, s *Story) error {
	if err := s.serve(ctx, "examples/coffee/coffee-v2.yaml", "coffee"); err != nil {
		return err
	}
	if err := s.shares(ctx, coffeeHost, "/", map[string]int{says(v1): 70, says(v2): 30}); err != nil {
		return err
	}
	if err := s.await(ctx, "without pods of "+s.replaced, func(pods []pod) bool { return retired(pods, s.replaced) }); err != nil {
		return err
	}
	_, err := s.kubectl(ctx, "get", "pod")
	return err
}

// grow lets a crowd in while two versions share it: each has the pods that its
// share needs, and its own reserve when the crowd has gone.
func grow(ctx context.Context, s *Story) error {
	report, most, err := s.flood(ctx, both, bothStay, v1, v2)
	if err != nil {
		return err
	}
	share := report.Share(says(v1))
	fmt.Fprintf(s.Out, "   %.1f %% of the answers came from v1, of 70 %%\n", share)
	if share < 65 || share > 75 || most[v1] <= most[v2] || most[v2] < 2 {
		return fmt.Errorf("%.1f %% of the answers came from v1, and at most %v pods ran; want 70 %%, and pods by the shares", share, most)
	}
	return s.tideOut(ctx, v1, v2)
}

// threeVersions gets coffee a path of the shop's own host, with three versions.
func threeVersions(ctx context.Context, s *Story) error {
	if err := s.serve(ctx, "examples/coffee/coffee-v3-ingress.yaml", "coffee"); err != nil {
		return err
	}
	if err := s.shares(ctx, cafeHost, "/coffee", map[string]int{says(v1): 70, says(v2): 20, says(v3): 10}); err != nil {
		return err
	}
	return s.curl(ctx, cafeHost, "/tea", "Hello tea!")
}
