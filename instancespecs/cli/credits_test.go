package cli

import (
	"image/color"
	"image/png"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/ebb-node/ebb/internal/plotting"
)

// The example of the documents, then an hour at the baseline for want of credits.
const documentedDay = "hours,utilisation_pct\n24,0\n5,10\n7,5\n3,10\n2,100\n4,0\n8,5\n2,80\n5,40\n3,0\n"

func TestCreditsOfADocumentedDay(t *testing.T) {
	got, err := run("credits", "--type", "ecs.t6-c2m1.large", "--usage", write(t, "day.csv", documentedDay))
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(lines(
		"ecs.t6-c2m1.large (2 vCPU, 1 GiB), mode Standard: baseline 10 % per vCPU, 12 credits/h, cap 288, 60 initial credits",
		"",
		"AFTER   USE WANTED  USE GOT  INITIAL  ACCRUED  TOTAL",
		"24h00m  0.0 %       0.0 %    60.0     288.0    348.0",
		"29h00m  10.0 %      10.0 %   0.0      288.0    288.0",
		"36h00m  5.0 %       5.0 %    0.0      288.0    288.0",
		"39h00m  10.0 %      10.0 %   0.0      288.0    288.0",
		"41h00m  100.0 %     100.0 %  0.0      72.0     72.0",
		"45h00m  0.0 %       0.0 %    0.0      120.0    120.0",
		"53h00m  5.0 %       5.0 %    0.0      168.0    168.0",
		"55h00m  80.0 %      80.0 %   0.0      0.0      0.0",
		"60h00m  40.0 %      10.0 %   0.0      0.0      0.0",
		"63h00m  0.0 %       0.0 %    0.0      36.0     36.0",
		"",
		"Throttled to the baseline for 5h00m in all, the first time after 55h00m.",
		"From here on:",
		"  all vCPUs at full speed:  20m00s",
		"  as at last (0.0 %):  credits last for ever",
		"  idle:  full after 21h00m",
	), got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestCreditsAtAConstantLoad(t *testing.T) {
	got, err := run("credits", "--type", "ecs.t5-lc1m2.large", "--utilisation", "60", "--hours", "1.5")
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{
		"1h30m  60.0 %      53.3 %   0.0      0.0      0.0",
		"Throttled to the baseline for 15m00s in all, the first time after 1h15m.",
		"as at last (60.0 %):  used up",
		"Cost of the instance for 1h30m: 0.4995 CNY (estimate), as of 2019-04\n  source: ecs.c5.large minus",
	} {
		if !strings.Contains(got, want) {
			t.Errorf("%q is missing in\n%s", want, got)
		}
	}
}

func TestCreditsUnlimited(t *testing.T) {
	got, err := run("credits", "--type", "ecs.t6-c1m1.large", "--mode", "unlimited", "--utilisation", "100", "--hours", "10")
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{ // 60 initial + 240 earned + 576 advance of 1200 spent
		"10h00m  100.0 %     100.0 %  0.0      0.0      0.0    576.0    324.0",
		"Cost of 324.0 overdrawn credits: 1.6200 CNY (list), as of 2021-07",
	} {
		if !strings.Contains(got, want) {
			t.Errorf("%q is missing in\n%s", want, got)
		}
	}
	if strings.Contains(got, "hrottled") {
		t.Errorf("unlimited instances are never throttled:\n%s", got)
	}
}

func TestCreditsFromSamples(t *testing.T) {
	usage := write(t, "samples.csv", lines(
		"time,usage_core_nano_seconds",
		"2026-01-05T08:00:00Z,1000000000",
		"2026-01-05T08:30:00Z,1801000000000", // 30 credits in 30 minutes
		"2026-01-05T08:37:30Z,2251000000000", // 7.5 more: nothing is left
		"2026-01-05T09:37:30Z,2971000000000", // 12 in an hour: held at the baseline
		"2026-01-05T10:37:30Z,2971000000000",
	))
	got, err := run("credits", "--type", "ecs.t5-lc1m2.small", "--usage", usage)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(lines(
		"ecs.t5-lc1m2.small (1 vCPU, 2 GiB), mode Standard: baseline 20 % per vCPU, 12 credits/h, cap 288, 30 initial credits",
		"",
		"AFTER   USE      INITIAL  ACCRUED  TOTAL",
		"30m00s  100.0 %  0.0      6.0      6.0",
		"37m30s  100.0 %  0.0      0.0      0.0",
		"1h38m   20.0 %   0.0      0.0      0.0",
		"2h38m   0.0 %    0.0      12.0     12.0",
		"",
		"Throttled to the baseline for 1h00m in all, the first time after 37m30s.",
		"From here on:",
		"  all vCPUs at full speed:  15m00s",
		"  as at last (0.0 %):  credits last for ever",
		"  idle:  full after 23h00m",
	), got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestPlot(t *testing.T) {
	for name, tt := range map[string]struct {
		args      []string
		throttled bool
	}{
		"throttled":     {[]string{"--usage", write(t, "day.csv", documentedDay)}, true},
		"not throttled": {[]string{"--utilisation", "3"}, false},
		"unlimited":     {[]string{"--utilisation", "100", "--mode", "unlimited"}, false},
	} {
		t.Run(name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "out.png")
			got, err := run(append([]string{"credits", "--type", "ecs.t6-c2m1.large", "--plot", path}, tt.args...)...)
			if err != nil || !strings.HasSuffix(got, "Plot written to "+path+"\n") {
				t.Fatalf("got %v and\n%s", err, got)
			}
			pixels := colours(t, path)
			if pixels[plotting.Sky] < 1000 || pixels[plotting.Blue] < 100 {
				t.Errorf("%d pixels below the balance and %d of its line: it is not drawn", pixels[plotting.Sky], pixels[plotting.Blue])
			}
			if (pixels[plotting.Rose] > 1000) != tt.throttled {
				t.Errorf("%d pixels are shaded, throttled is %t", pixels[plotting.Rose], tt.throttled)
			}
		})
	}
}

// colours counts the pixels of an image by their colour.
func colours(t *testing.T, path string) map[color.RGBA]int {
	t.Helper()
	file, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	image, err := png.Decode(file)
	if err != nil {
		t.Fatal(err)
	}
	size := image.Bounds().Size()
	if size.X != 1200 || size.Y != 780 {
		t.Errorf("the image has %v pixels", size)
	}
	count := make(map[color.RGBA]int)
	for y := range size.Y {
		for x := range size.X {
			count[color.RGBAModel.Convert(image.At(x, y)).(color.RGBA)]++
		}
	}
	return count
}
