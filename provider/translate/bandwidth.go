package translate

import (
	"fmt"
	"math"
	"strconv"
	"strings"
)

// bandwidthUnits are the units of the bandwidth annotations, the longest
// first. They count bytes; the multipliers are taken to be decimal, as 40M is
// documented to be 320 Mbit/s.
// https://help.aliyun.com/document_detail/451654.html
var bandwidthUnits = []struct {
	unit  string
	bytes float64
}{
	{"TB", 1e12}, {"GB", 1e9}, {"MB", 1e6}, {"KB", 1e3},
	{"T", 1e12}, {"G", 1e9}, {"M", 1e6}, {"K", 1e3}, {"B", 1},
}

// standardPrefix is the other prefix of the bandwidth annotations.
const standardPrefix = "kubernetes.io/"

// bandwidth translates a limit in bytes per second to one in bits per second.
func (t *translator) bandwidth(key, parameter string) {
	name, v := standardPrefix+key, strings.TrimSpace(t.pod.Annotations[standardPrefix+key])
	if v == "" {
		name, v = Prefix+key, t.value(key)
	}
	if v == "" {
		return
	}
	bytes, err := parseBandwidth(v)
	if err != nil {
		t.refuse("metadata.annotations["+name+"]", err.Error(), "")
		return
	}
	t.request.Extra[parameter] = strconv.FormatInt(bytes*8, 10)
}

// parseBandwidth returns bytes per second.
func parseBandwidth(v string) (int64, error) {
	number, factor := v, 1.0
	for _, u := range bandwidthUnits {
		if rest, ok := strings.CutSuffix(v, u.unit); ok {
			number, factor = strings.TrimSpace(rest), u.bytes
			break
		}
	}
	n, err := strconv.ParseFloat(number, 64)
	bytes := n * factor
	if err != nil || !(bytes >= 1) || bytes > math.MaxInt64/8/2 {
		return 0, fmt.Errorf("%q is not a number of bytes per second such as 40M", v)
	}
	return int64(bytes), nil
}
