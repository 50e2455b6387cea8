package slb

import "testing"

// TestMembersAsWishedForAreHeldOnce looks at what a Writer holds for the
// groups that are as desired: most of them, most of the time.
func TestMembersAsWishedForAreHeldOnce(t *testing.T) {
	d := web("a.com", pods(0, 2, 100))
	b := newBench(t)
	b.settle(d)
	a := b.read()
	a.share(d)
	if &a.group("app").Members[0] != &d.Groups[1].Members[0] {
		t.Error("the members are held twice")
	}
	now := a.clone()
	now.group("app").Members[0].Weight = 1
	other := web("a.com", pods(0, 2, 50))
	now.share(other)
	if d.Groups[1].Members[0].Weight != 100 || now.group("app").Members[1].Weight != 100 {
		t.Error("members of a wish were changed, or taken for others")
	}
}
