// Package demo tells the coffee shop's story in a running region, as a user
// would act it: with kubectl and HTTP. Every answer is checked.
package demo

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"strings"
	"time"

	"github.com/ebb-node/ebb/region/internal/cloudadmin"
	"github.com/ebb-node/ebb/region/internal/control"
	"github.com/ebb-node/ebb/region/internal/layout"
)

// chapterTimeout bounds a part of the story on a slow machine.
const chapterTimeout = 2 * time.Minute

// Story is a region and where to tell what happens in it.
type Story struct {
	Layout layout.Layout
	Region *control.Client
	Out    io.Writer

	before   map[string]int // calls of the cloud's API before the story
	gateway  string         // address of the load balancer
	replaced string         // revision of coffee that the upgrade replaced
}

// chapter is a part of the story: what it shows, and how.
type chapter struct {
	title string
	tell  func(context.Context, *Story) error
}

// conventions are how the story is to be read.
const conventions = `
A line with $ is a command that is run as it is shown. A line with ~ is what you
would type; here a client in this program does the same and counts the answers.
`

// Tell runs all chapters and answers the first that does not hold.
func (s *Story) Tell(ctx context.Context) error {
	chapters := []chapter{
		{"Three pods on a node without a machine", deployment},
		{"Called through a Service", service},
		{"Looked at with kubectl", look},
		{"What the cloud was asked", calls},
		{"Knative's gateway is the load balancer: no pod runs for it", openShop},
		{"The first coffee", firstCoffee},
		{"Rush hour", rush},
		{"The tide goes out: one burstable pod is left", ebbs},
		{"The first customer after, and nobody waits", firstCustomer},
		{"A reserve of the size that the service names", chosenReserve},
		{"Coffee is upgraded while it is served", upgrade},
		{"Two versions share the customers", twoVersions},
		{"Both grow by their shares, and each ends in its own reserve", grow},
		{"Tea, on a path of the shop's own host", tea},
		{"Three versions of coffee, on the same host", threeVersions},
		{"What it cost", bill},
	}
	var err error
	if s.before, err = cloudadmin.CallCounts(ctx, s.Region); err != nil {
		return err
	}
	fmt.Fprint(s.Out, conventions)
	for number, chapter := range chapters {
		fmt.Fprintf(s.Out, "\n%d. %s\n", number+1, chapter.title)
		start := time.Now()
		if err := s.within(ctx, chapter); err != nil {
			return fmt.Errorf("%s: %w", chapter.title, err)
		}
		fmt.Fprintf(s.Out, "   (%.1f s)\n", time.Since(start).Seconds())
	}
	return nil
}

func (s *Story) within(ctx context.Context, c chapter) error {
	ctx, cancel := context.WithTimeout(ctx, chapterTimeout)
	defer cancel()
	return c.tell(ctx, s)
}

// kubectl shows a command, runs it, shows and answers what it printed.
func (s *Story) kubectl(ctx context.Context, args ...string) (string, error) {
	fmt.Fprintf(s.Out, "   $ kubectl %s\n", strings.Join(quoted(args), " "))
	output, err := s.quiet(ctx, args...)
	for line := range strings.Lines(output) {
		fmt.Fprintf(s.Out, "   %s\n", strings.TrimRight(line, "\n"))
	}
	return output, err
}

// alike shows the command that does what the program's own client does now.
func (s *Story) alike(format string, args ...any) {
	fmt.Fprintf(s.Out, "   ~ "+format+"\n", args...)
}

// quiet runs kubectl without showing it.
func (s *Story) quiet(ctx context.Context, args ...string) (string, error) {
	cmd := exec.CommandContext(ctx, s.Layout.Bin("kubectl"), args...)
	cmd.Env = append(os.Environ(), "KUBECONFIG="+s.Layout.Kubeconfig())
	cmd.Dir = s.Layout.Source
	// What kubectl warns of is no part of the story.
	var errors strings.Builder
	cmd.Stderr = &errors
	output, err := cmd.Output()
	if err != nil {
		err = fmt.Errorf("kubectl %s: %w: %s", args[0], err, errors.String())
	}
	return string(output), err
}

// quoted shows words as a shell wants them.
func quoted(words []string) []string {
	shown := make([]string, len(words))
	for i, word := range words {
		shown[i] = word
		if strings.ContainsAny(word, " $;{}*") {
			shown[i] = "'" + word + "'"
		}
	}
	return shown
}

// get asks an address inside of the region.
func (s *Story) get(ctx context.Context, url string) (string, error) {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
	if err != nil {
		return "", err
	}
	client := s.Region.HTTP()
	defer client.CloseIdleConnections()
	response, err := client.Do(request)
	if err != nil {
		return "", err
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	if err == nil && response.StatusCode != http.StatusOK {
		err = fmt.Errorf("GET %s: %s: %s", url, response.Status, body)
	}
	return string(body), err
}

// answers waits until an address is first served: kube-proxy learns of ready
// pods a moment after kubectl does.
func (s *Story) answers(ctx context.Context, url string) error {
	for {
		_, err := s.get(ctx, url)
		if err == nil {
			return nil
		}
		select {
		case <-ctx.Done():
			return err
		case <-time.After(50 * time.Millisecond):
		}
	}
}

// expect is an answer that the story promises.
func expect(what, got, want string) error {
	if !strings.Contains(got, want) {
		return fmt.Errorf("%s: got %q, want %q in it", what, got, want)
	}
	return nil
}
