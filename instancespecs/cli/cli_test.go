package cli

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// run executes the command and returns what it prints.
func run(args ...string) (string, error) {
	var out bytes.Buffer
	cmd := Command()
	cmd.SetArgs(args)
	cmd.SetOut(&out)
	cmd.SetErr(&out)
	err := cmd.Execute()
	return out.String(), err
}

// write puts a file into the test's directory.
func write(t *testing.T, name, text string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func lines(text ...string) string { return strings.Join(text, "\n") + "\n" }

func TestListTypes(t *testing.T) {
	got, err := run("list", "--family", "ecs.t6", "--burstable")
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(lines(
		"INSTANCE TYPE        VCPU  MEMORY   BASELINE  CREDITS/H  CAP   INITIAL  PRICE",
		"ecs.t6-c4m1.large    2     0.5 GiB  5 %       6          144   60       unknown",
		"ecs.t6-c2m1.large    2     1 GiB    10 %      12         288   60       unknown",
		"ecs.t6-c1m1.large    2     2 GiB    20 %      24         576   60       unknown",
		"ecs.t6-c1m2.large    2     4 GiB    20 %      24         576   60       unknown",
		"ecs.t6-c1m4.large    2     8 GiB    30 %      36         864   60       unknown",
		"ecs.t6-c1m4.xlarge   4     16 GiB   40 %      96         2304  120      unknown",
		"ecs.t6-c1m4.2xlarge  8     32 GiB   40 %      192        4608  240      unknown",
	), got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestListShowsPricesWithTheirKind(t *testing.T) {
	prices := write(t, "prices.csv", lines("key,currency,hourly,kind,as_of,source",
		"ecs.t5-lc1m2.small,CNY,0.18,api,2026-01-02,DescribeContainerGroupPrice cn-hangzhou"))
	got, err := run("list", "--prices", prices)
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"0.18 CNY/h (API price)", "0.333 CNY/h (estimate)", "0.62 CNY/h (list price)", "ecs.n1.small         1     2 GiB"} {
		if !strings.Contains(got, want) {
			t.Errorf("%q is missing in\n%s", want, got)
		}
	}
}

func TestListSizes(t *testing.T) {
	got, err := run("list", "--sizes", "--region", "cn-hangzhou", "--currency", "usd")
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"0.25-0.5Gi", "6-48Gi", "2-6Gi       2     6 GiB    0.07618 USD/h (list price)"} {
		if !strings.Contains(got, want) {
			t.Errorf("%q is missing in\n%s", want, got)
		}
	}
}

func TestChoose(t *testing.T) {
	got, err := run("choose", "--reserve", "ecs.t5-lc2m1.nano,1-2Gi", "--memory", "1536Mi", "--out-of-stock", "ecs.t6-c1m1.large")
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(lines(
		"   SPEC                VCPU  MEMORY  CREDITS/H  PRICE    WHY",
		"1  ecs.t5-lc1m2.small  1     2 GiB   12         unknown  no. 1 of the types with at least 1-2Gi, by assumed cost (no API price)",
		"2  ecs.s6-c1m2.small   1     2 GiB   -          unknown  no. 2 of the types with at least 1-2Gi, by assumed cost (no API price)",
		"3  ecs.t6-c1m2.large   2     4 GiB   24         unknown  no. 3 of the types with at least 1-2Gi, by assumed cost (no API price)",
		"4  ecs.n1.small        1     2 GiB   -          unknown  no. 4 of the types with at least 1-2Gi, by assumed cost (no API price)",
		"5  ecs.t5-c1m1.large   2     2 GiB   30         unknown  no. 5 of the types with at least 1-2Gi, by assumed cost (no API price)",
		"",
		"Rejected:",
		"   SPEC               VCPU  MEMORY   CREDITS/H  PRICE    WHY",
		"-  ecs.t5-lc2m1.nano  1     0.5 GiB  12         unknown  has 0.5 GiB, the pod asks for 1.5 GiB; the smallest that fits is ecs.t5-lc1m2.small (1 vCPU, 2 GiB)",
		"-  ecs.t6-c1m1.large  2     2 GiB    24         unknown  known to be out of stock",
		"",
		"24 more types are large enough, but come later by cost.",
		"",
		`k8s.aliyun.com/eci-use-specs: "ecs.t5-lc1m2.small,ecs.s6-c1m2.small,ecs.t6-c1m2.large,ecs.n1.small,ecs.t5-c1m1.large"`,
	), got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestChooseForAPod(t *testing.T) {
	got, err := run("choose", "--use-specs", "2-3Gi,ecs.gn6i-c4g1.xlarge", "--pass-unknown")
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{
		"2-4Gi                 2     4 GiB   -          0.4412 CNY/h (list price)",
		"ecs.gn6i-c4g1.xlarge  ?     ?       -          unknown",
		`eci-use-specs: "2-4Gi,ecs.gn6i-c4g1.xlarge"`,
	} {
		if !strings.Contains(got, want) {
			t.Errorf("%q is missing in\n%s", want, got)
		}
	}
}

// What was rejected is shown even if nothing is left.
func TestChooseNothing(t *testing.T) {
	got, err := run("choose", "--reserve", "ecs.t5-lc2m1.nano", "--memory", "4Gi")
	if err == nil || !strings.Contains(err.Error(), "no instance spec of") {
		t.Errorf("got %v", err)
	}
	if !strings.HasPrefix(got, "\nRejected:\n") || strings.Contains(got, "Usage:") {
		t.Errorf("got\n%s", got)
	}
}

func TestErrorsNameTheFlag(t *testing.T) {
	empty := write(t, "empty.csv", "")
	badPrice := write(t, "bad.csv", "key,currency,hourly,kind,as_of,source\nx,EUR,1,list,2026,me\n")
	still := write(t, "still.csv", "time,usage_core_nano_seconds\n2026-01-01T00:00:00Z,0\n2026-01-01T00:00:00Z,9\n")
	for _, tt := range []struct {
		args string
		want []string
	}{
		{"choose --reserve 2-4", []string{`"2-4"`, "want 1 to 5 entries"}},
		{"choose --reserve 1-2Gi --use-specs 1-2Gi", []string{"reserve", "use-specs"}},
		{"choose --memory 4G", []string{"--memory", `"4G" is not an amount of memory`}},
		{"choose --memory -4Gi", []string{"--memory", `"-4Gi"`}},
		{"choose --family -", []string{"--family", `"-"`}},
		{"choose --generation 6,", []string{"--generation", `"6,"`}},
		{"list --currency EUR", []string{`"EUR"`}},
		{"list --family ,", []string{"--family"}},
		{"list --prices nowhere.csv", []string{"--prices", "nowhere.csv"}},
		{"list --prices " + empty, []string{"--prices", empty}},
		{"list --prices " + badPrice, []string{"--prices", badPrice, `currency is "EUR"`}},
		{"credits --utilisation 5", []string{`"type"`}},
		{"credits --type ecs.t5-lc1m2.small", []string{"usage", "utilisation"}},
		{"credits --type ecs.t5.small --utilisation 5", []string{`--type "ecs.t5.small"`, "specs list --burstable"}},
		{"credits --type ecs.n1.small --utilisation 5", []string{`--type "ecs.n1.small" is not burstable`}},
		{"credits --type ecs.t5-lc1m2.small --utilisation 101", []string{"--utilisation", `"101"`}},
		{"credits --type ecs.t5-lc1m2.small --utilisation 5 --hours 0", []string{"--hours", `"0"`}},
		{"credits --type ecs.t5-lc1m2.small --utilisation 5 --mode turbo", []string{"--mode", `"turbo"`}},
		{"credits --type ecs.t5-lc1m2.small --usage nowhere.csv", []string{"--usage", "nowhere.csv"}},
		{"credits --type ecs.t5-lc1m2.small --usage " + still, []string{"--usage", still, "cover no time"}},
		{"credits --type ecs.t5-lc1m2.small --utilisation 5 --plot /nowhere/x.png", []string{"--plot", "/nowhere/x.png"}},
	} {
		_, err := run(strings.Fields(tt.args)...)
		for _, want := range tt.want {
			if err == nil || !strings.Contains(err.Error(), want) {
				t.Errorf("%s: got %v, want an error with %q", tt.args, err, want)
			}
		}
	}
}
