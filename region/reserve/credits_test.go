package reserve_test

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/ebb-node/ebb/region/internal/cloudadmin"
	"github.com/ebb-node/ebb/region/internal/testregion"
)

const (
	// creditsSpec has 1 vCPU and a baseline of 20 %. It starts with 30 credits; less
	// than 12 are low.
	creditsSpec = "ecs.t5-lc1m2.small"
	// fewCredits are enough for 4.4 minutes at full speed.
	fewCredits = 3.5
	// sampledWithin is how soon ebb knows what a pod has used: the cloud and ebb both
	// look every 15 s.
	sampledWithin = 45 * time.Second
	// unbooked is what a pod can have used since the cloud looked last.
	unbooked = 0.25
	// lowFor is how long a reserve without requests stands with few credits.
	lowFor = 10 * time.Second
)

// cloudCredits is what the mock cloud's own books say of a container group.
type cloudCredits struct {
	ContainerGroupID string  `json:"containerGroupId"`
	Balance          float64 `json:"balance"`
	Throttled        bool    `json:"throttled"`
}

// TestLowCreditsBringStandardPods is that a reserve whose credits are low is left
// alone while nobody asks, and hands over before they are used up once somebody does.
// A reserve with enough of them does not tell of credits. The cloud's time jumps, so
// no other test may run.
func TestLowCreditsBringStandardPods(t *testing.T) {
	s := serve(t, "spent", with(shortWindow, useSpecs, creditsSpec))
	s.calm(t, time.Minute)
	pod := s.pods()[0]
	group := annotation(t, "pod/"+pod, "k8s.aliyun.com/eci-instance-id")
	s.credits(t, pod, "enough")
	var books cloudCredits
	if err := cloudadmin.Put(t.Context(), region.Client, "/credits/"+group, fmt.Sprintf(`{"balance":%v}`, fewCredits), &books); err != nil {
		t.Fatal(err)
	}
	t.Logf("ebb's ledger: %s; the cloud's books: %.2f", s.credits(t, pod, "low"), books.Balance)
	s.unmoved(t, lowFor)

	probes := s.steadily(t, "/?burn=20", 5)
	asked := time.Now()
	scaled := s.scaled(t, asked)
	s.told(t, 10*time.Second, "ReserveCreditsLow")
	s.over(t, time.Minute, asked)
	left, books := time.Since(asked), creditsOf(t, group)
	s.back(t, time.Minute)
	testregion.Lossless(t, "hand-over with few credits", probes.Stop())
	t.Logf("standard pods wanted after %.2f s, the reserve left after %.2f s with %.2f credits", scaled.Seconds(), left.Seconds(), books.Balance)
	if scaled > scaledWithin {
		t.Errorf("standard pods were wanted after %v, want at most %v", scaled, scaledWithin)
	}
	if books.Throttled || books.Balance <= unbooked {
		t.Errorf("at the hand-over the reserve had %+v", books)
	}

	s.calm(t, time.Minute)
	told := seen.told(s.revision, "ReserveCreditsLow")
	_, scaled = s.first(t, "/new-reserve")
	t.Logf("with a new reserve, which has enough, standard pods wanted after %.2f s", scaled.Seconds())
	if now := seen.told(s.revision, "ReserveCreditsLow"); now != told {
		t.Errorf("low credits were told of a new reserve, too: %d times, then %d", told, now)
	}
	s.neverEmpty(t)
}

// credits waits until a pod carries a level of credits, and answers all that it says.
func (s *tide) credits(t *testing.T, pod, level string) (text string) {
	t.Helper()
	s.await(t, sampledWithin, "sampled", func() error {
		if text = annotation(t, "pod/"+pod, "ebb-node.github.io/cpu-credits"); !strings.Contains(text, ",level="+level+",") {
			return fmt.Errorf("pod %s carries the credits %q, want level %s", pod, text, level)
		}
		return nil
	})
	return text
}

// unmoved fails the test if anything happens to the revision for a time.
func (s *tide) unmoved(t *testing.T, d time.Duration) {
	t.Helper()
	from := time.Now()
	linger(t, d)
	if changes := story(s.revision, from); len(changes) > 0 {
		t.Errorf("%d changes in %v without a request:\n%s", len(changes), d, strings.Join(changes, "\n"))
	}
	if err := s.alone(); err != nil {
		t.Error(err)
	}
}

// creditsOf is how the credits of a group stand that still runs.
func creditsOf(t *testing.T, group string) (found cloudCredits) {
	t.Helper()
	testregion.Eventually(t, time.Second, func(ctx context.Context) error {
		var books []cloudCredits
		if err := cloudadmin.Get(ctx, region.Client, "/credits", &books); err != nil {
			return err
		}
		for _, b := range books {
			if b.ContainerGroupID == group {
				found = b
				return nil
			}
		}
		return fmt.Errorf("the cloud has no credits of group %s: %+v", group, books)
	})
	return found
}
