// Package reserve_test proves what reserves promise, in a whole region with
// Knative's default configuration: that no request is lost, that nothing is ever
// cold, that nothing happens while nothing happens, and that trouble stays small.
//
// Tests that measure latency or do harm run one after the other; the others wait
// for windows and run at the same time, each on Knative Services of its own.
package reserve_test

import (
	"context"
	"flag"
	"fmt"
	"os"
	"syscall"
	"testing"

	"github.com/ebb-node/ebb/region/internal/testregion"
)

var (
	// region is the one that all tests share.
	region *testregion.Region
	// seen is what has happened in it.
	seen *history
)

// atOnce is how many tests wait at the same time, whatever the number of cores: as
// many as two cores start pods for in time.
const atOnce = "8"

func TestMain(m *testing.M) {
	flag.Parse()
	if err := flag.Set("test.parallel", atOnce); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	code, err := runIn(m)
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	os.Exit(code)
}

func runIn(m *testing.M) (code int, err error) {
	// Together the tests change more than the documented 90 writes a minute of one
	// account: load balancers would follow late, and what one test sees would depend
	// on the others. The demo and the region's own tests keep to the quotas.
	region, err = testregion.New("--cloud-flag=--quotas=lifted", "--ebb-flag=--cloud-quota=lifted")
	if err != nil {
		return 1, err
	}
	defer func() {
		if endErr := region.End(syscall.SIGTERM); err == nil {
			err = endErr
		}
	}()
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	if seen, err = watch(ctx, region); err != nil {
		return 1, err
	}
	if err := beginQuiet(); err != nil {
		return 1, err
	}
	return m.Run(), nil
}
