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
		{"one split", []share{{percent: 100, targets: pods(1, 3)}}, nil, []string{"eni-1:8012=100", "eni-2:8012=100"}},
		{"by percent over pods", []share{{percent: 50, targets: pods(1, 3)}, {percent: 50, targets: pods(3, 4)}}, nil,
			[]string{"eni-1:8012=50", "eni-2:8012=50", "eni-3:8012=100"}},
		{"no pod at all", []share{{percent: 30, targets: nil}, {percent: 70, targets: nil}}, []target{replica}, nil},
		{"the relay stands in", []share{{percent: 50, targets: pods(1, 2)}, {percent: 25, targets: nil}, {percent: 25, targets: nil}}, []target{replica},
			[]string{"eni-1:8012=100", "eni-relay:9000=100"}},
		{"two replicas share its part", []share{{percent: 50, targets: pods(1, 2)}, {percent: 50, targets: nil}}, []target{replica, {eni: "eni-r2", ip: "10.1.0.2", port: 9000}},
			[]string{"eni-1:8012=100", "eni-relay:9000=50", "eni-r2:9000=50"}},
		{"without a relay others serve", []share{{percent: 50, targets: pods(1, 2)}, {percent: 50, targets: nil}}, nil, []string{"eni-1:8012=100"}},
		{"a pod in two splits", []share{{percent: 25, targets: pods(1, 2)}, {percent: 25, targets: pods(1, 2)}, {percent: 50, targets: pods(2, 3)}}, nil,
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
	shares := []share{{percent: 99, targets: pods(1, 2)}, {percent: 1, targets: pods(2, 32)}}
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
	want := slb.Member{ServerID: "eni-7", IP: "10.0.0.7", Port: 8012, Weight: 5, Description: "default/p7"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("-want +got\n%s", diff)
	}
	long := target{about: "default/" + string(make([]byte, 100))}
	if n := len(long.member(1).Description); n != maxDescription {
		t.Errorf("a description of %d characters", n)
	}
}
