package translate

import (
	"fmt"
	"net/netip"
	"strconv"
)

// passedKey is an annotation that becomes a parameter once its value has been
// checked; parse returns the value as the API spells it.
type passedKey struct {
	key       string
	parameter string
	parse     func(value string) (string, error)
}

// passedOn are annotations that become one parameter each.
// https://help.aliyun.com/zh/eci/developer-reference/api-eci-2018-08-08-createcontainergroup
var passedOn = []passedKey{
	{"eci-schedule-strategy", "ScheduleStrategy", oneOf("VSwitchOrdered", "VSwitchRandom")},
	{"eci-cpu-option-core", "CpuOptionsCore", wholeNumber(1, 1024)},
	{"eci-cpu-option-ht", "CpuOptionsThreadsPerCore", wholeNumber(1, 2)},
	{"eci-gpu-driver-version", "GpuDriverVersion", anything},
	{"eci-max-pending-minute", "MaxPendingMinute", wholeNumber(10, 1440)},
	{"plain-http-registry", "PlainHttpRegistry", anything},
	{"insecure-registry", "InsecureRegistry", anything},
	{"eci-data-cache-bucket", "DataCacheBucket", anything},
	{"eci-data-cache-pl", "DataCachePL", anything},
	{"eci-data-cache-provisionedIops", "DataCacheProvisionedIops", wholeNumber(0, 50000)},
	{"eci-data-cache-burstingEnabled", "DataCacheBurstingEnabled", trueOrFalse},
	{"eci-private-ip-address", "PrivateIpAddress", ipv4},
}

// numbered are annotations whose items become numbered parameters.
var numbered = []passedKey{
	{"eci-compute-category", "ComputeCategory", oneOf("economy", "general")},
	{"eci-ntp-server", "NtpServer", anything},
}

// passOn translates the annotations of both tables.
func (t *translator) passOn() {
	for _, p := range passedOn {
		if v := t.value(p.key); v != "" {
			t.parameter(p, p.parameter, v)
		}
	}
	for _, p := range numbered {
		for i, item := range splitList(t.value(p.key)) {
			t.parameter(p, fmt.Sprintf("%s.%d", p.parameter, i+1), item)
		}
	}
}

func (t *translator) parameter(p passedKey, name, value string) {
	parsed, err := p.parse(value)
	if err != nil {
		t.refuse(field(p.key), err.Error(), "")
		return
	}
	t.request.Extra[name] = parsed
}

func anything(v string) (string, error) { return v, nil }

func trueOrFalse(v string) (string, error) { return oneOf("true", "false")(v) }

func oneOf(words ...string) func(string) (string, error) {
	return func(v string) (string, error) {
		if word, ok := matchWord(v, words); ok {
			return word, nil
		}
		return "", fmt.Errorf("%q is not one of %v", v, words)
	}
}

func wholeNumber(low, high int) func(string) (string, error) {
	return func(v string) (string, error) {
		n, err := strconv.Atoi(v)
		if err != nil || n < low || n > high {
			return "", fmt.Errorf("%q is not a whole number from %d to %d", v, low, high)
		}
		return strconv.Itoa(n), nil
	}
}

func ipv4(v string) (string, error) {
	if a, err := netip.ParseAddr(v); err != nil || !a.Is4() {
		return "", fmt.Errorf("%q is not an IPv4 address", v)
	}
	return v, nil
}
