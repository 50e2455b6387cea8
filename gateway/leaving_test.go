package gateway

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/ebb-node/ebb/slb"
)

const request = 180 * time.Second

func TestLeaving(t *testing.T) {
	start := time.Unix(1000, 0)
	gone := map[string]bool{}
	type step struct {
		name   string
		after  time.Duration // since start
		gone   string        // eni of a pod that is deleted before
		wanted []slb.Member
		want   []string
		due    time.Duration // since start; 0: nothing leaves
	}
	one, two, three := evenly(pods(1, 2)), evenly(pods(1, 3)), evenly(pods(1, 4))
	for _, test := range []struct {
		name  string
		steps []step
	}{
		{"a pod leaves and its requests end", []step{
			{"two serve", 0, "", two, []string{"eni-1:8012=100", "eni-2:8012=100"}, 0},
			{"one leaves", 10 * time.Second, "", one, []string{"eni-1:8012=100", "eni-2:8012=0"}, 210 * time.Second},
			{"it lingers", 209 * time.Second, "", one, []string{"eni-1:8012=100", "eni-2:8012=0"}, 210 * time.Second},
			{"it is gone", 210 * time.Second, "", one, []string{"eni-1:8012=100"}, 0},
		}},
		{"a pod that comes back", []step{
			{"two serve", 0, "", two, []string{"eni-1:8012=100", "eni-2:8012=100"}, 0},
			{"one leaves", time.Second, "", one, []string{"eni-1:8012=100", "eni-2:8012=0"}, 201 * time.Second},
			{"it is ready again", 2 * time.Second, "", two, []string{"eni-1:8012=100", "eni-2:8012=100"}, 0},
			{"and leaves again", 3 * time.Second, "", one, []string{"eni-1:8012=100", "eni-2:8012=0"}, 203 * time.Second},
		}},
		{"pods that left together leave in one call", []step{
			{"three serve", 0, "", three, []string{"eni-1:8012=100", "eni-2:8012=100", "eni-3:8012=100"}, 0},
			{"one leaves", 10 * time.Second, "", two, []string{"eni-1:8012=100", "eni-2:8012=100", "eni-3:8012=0"}, 210 * time.Second},
			{"another one", 20 * time.Second, "", one, []string{"eni-1:8012=100", "eni-2:8012=0", "eni-3:8012=0"}, 210 * time.Second},
			{"both are gone", 211 * time.Second, "", one, []string{"eni-1:8012=100"}, 0},
		}},
		{"no sooner than a request may take", []step{
			{"three serve", 0, "", three, []string{"eni-1:8012=100", "eni-2:8012=100", "eni-3:8012=100"}, 0},
			{"one leaves", 0, "", two, []string{"eni-1:8012=100", "eni-2:8012=100", "eni-3:8012=0"}, 200 * time.Second},
			{"another one, later", 21 * time.Second, "", one, []string{"eni-1:8012=100", "eni-2:8012=0", "eni-3:8012=0"}, 200 * time.Second},
			{"only the first is gone", 200 * time.Second, "", one, []string{"eni-1:8012=100", "eni-2:8012=0"}, 221 * time.Second},
		}},
		{"a pod that no longer exists", []step{
			{"two serve", 0, "", two, []string{"eni-1:8012=100", "eni-2:8012=100"}, 0},
			{"one leaves", time.Second, "", one, []string{"eni-1:8012=100", "eni-2:8012=0"}, 201 * time.Second},
			{"and is deleted", 10 * time.Second, "eni-2", one, []string{"eni-1:8012=100", "eni-2:8012=0"}, 15 * time.Second},
			{"so it need not linger", 15 * time.Second, "", one, []string{"eni-1:8012=100"}, 0},
		}},
		{"nobody serves", []step{
			{"one serves", 0, "", one, []string{"eni-1:8012=100"}, 0},
			{"rules lead elsewhere", 0, "", nil, []string{"eni-1:8012=100"}, 200 * time.Second},
			{"another one comes", time.Second, "", evenly(pods(9, 10)), []string{"eni-9:8012=100", "eni-1:8012=0"}, 200 * time.Second},
			{"the first has left", 200 * time.Second, "", evenly(pods(9, 10)), []string{"eni-9:8012=100"}, 0},
		}},
	} {
		t.Run(test.name, func(t *testing.T) {
			clear(gone)
			m := &membership{}
			for _, s := range test.steps {
				gone[s.gone] = true
				l := lingering{now: start.Add(s.after), request: request, settle: goneSettle, gone: func(m slb.Member) bool { return gone[m.ServerID] }}
				got := m.update(s.wanted, l)
				if diff := cmp.Diff(s.want, show(got)); diff != "" {
					t.Errorf("%s: -want +got\n%s", s.name, diff)
				}
				due := m.due(l)
				if due.IsZero() != (s.due == 0) || s.due > 0 && !due.Equal(start.Add(s.due)) {
					t.Errorf("%s: due %v after the start, want %v", s.name, due.Sub(start), s.due)
				}
			}
		})
	}
}

// What is found on a load balancer at the start is treated like what was
// wished for.
func TestLeavingAfterARestart(t *testing.T) {
	start := time.Unix(1000, 0)
	l := lingering{now: start, request: request, settle: goneSettle, gone: func(slb.Member) bool { return false }}
	m := &membership{members: []slb.Member{pods(1, 2)[0].member(40), pods(2, 3)[0].member(60)}}
	got := m.update(weigh([]share{{percent: 100, targets: pods(1, 2)}}, nil, m.present), l)
	if diff := cmp.Diff([]string{"eni-1:8012=40", "eni-2:8012=0"}, show(got)); diff != "" {
		t.Errorf("-want +got\n%s", diff)
	}
}
