package gateway

import (
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/ebb-node/ebb/slb"
)

// pods are targets n..m-1 that listen on 8012.
func pods(from, to int) []target {
	var out []target
	for i := from; i < to; i++ {
		out = append(out, target{eni: fmt.Sprint("eni-", i), ip: fmt.Sprint("10.0.0.", i), port: 8012, about: fmt.Sprint("default/p", i)})
	}
	return out
}

// replica of the relay.
var replica = target{eni: "eni-relay", ip: "10.1.0.1", port: 9000, about: relayDescription}

// show writes members as place=weight.
func show(members []slb.Member) (out []string) {
	for _, m := range members {
		out = append(out, fmt.Sprintf("%s:%d=%d", m.ServerID, m.Port, m.Weight))
	}
	return out
}

func fresh(place) int { return slb.NewPod }

func TestWeigh(t *testing.T) {
	for _, test := range []struct {
		name   string
		shares []share
		relay  []target
		want   []string
	}{
		{"one split", []share{{100, pods(1, 3)}}, nil, []string{"eni-1:8012=100", "eni-2:8012=100"}},
		{"by percent over pods", []share{{50, pods(1, 3)}, {50, pods(3, 4)}}, nil,
			[]string{"eni-1:8012=50", "eni-2:8012=50", "eni-3:8012=100"}},
		{"no pod at all", []share{{30, nil}, {70, nil}}, []target{replica}, nil},
		{"the relay stands in", []share{{50, pods(1, 2)}, {25, nil}, {25, nil}}, []target{replica},
			[]string{"eni-1:8012=100", "eni-relay:9000=100"}},
		{"two replicas share its part", []share{{50, pods(1, 2)}, {50, nil}}, []target{replica, {eni: "eni-r2", ip: "10.1.0.2", port: 9000}},
			[]string{"eni-1:8012=100", "eni-relay:9000=50", "eni-r2:9000=50"}},
		{"without a relay others serve", []share{{50, pods(1, 2)}, {50, nil}}, nil, []string{"eni-1:8012=100"}},
		{"a pod in two splits", []share{{25, pods(1, 2)}, {25, pods(1, 2)}, {50, pods(2, 3)}}, nil,
			[]string{"eni-1:8012=100", "eni-2:8012=100"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			got := show(weigh(test.shares, test.relay, fresh))
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("-want +got\n%s", diff)
			}
		})
	}
}

// Weights that are near enough stay as they are.
func TestWeighKeepsWhatIsThere(t *testing.T) {
	shares := []share{{99, pods(1, 2)}, {1, pods(2, 32)}}
	first := weigh(shares, nil, fresh)
	m := membership{members: first}
	shares[1].targets = pods(2, 31)
	second := weigh(shares, nil, m.present)
	for i, member := range second {
		if member.Weight != first[i].Weight {
			t.Errorf("%s: %d, was %d", member.ServerID, member.Weight, first[i].Weight)
		}
	}
}

func TestMembersTellWhoTheyAre(t *testing.T) {
	got := pods(7, 8)[0].member(5)
	want := slb.Member{Type: slb.ENI, ServerID: "eni-7", IP: "10.0.0.7", Port: 8012, Weight: 5, Description: "default/p7"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("-want +got\n%s", diff)
	}
	long := target{about: "default/" + string(make([]byte, 100))}
	if n := len(long.member(1).Description); n != maxDescription {
		t.Errorf("a description of %d characters", n)
	}
}
