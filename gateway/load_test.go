package gateway

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"k8s.io/apimachinery/pkg/types"

	"github.com/ebb-node/ebb/gateway/ingress"
	"github.com/ebb-node/ebb/slb"
)

// secure is the load of hosts with a certificate each: "a.com=cert".
func secure(text string) (l load) {
	for _, n := range namesOf(text) {
		l.tls++
		l.names = append(l.names, secretName{host: n.host, secret: types.NamespacedName{Name: n.certificate}, covers: n.covers})
	}
	return l
}

func TestChoose(t *testing.T) {
	full, empty := load{plain: 40}, load{}
	five := load{plain: 5}
	for _, test := range []struct {
		name  string
		need  load
		at    []int
		loads []load
		most  int
		want  int
	}{
		{"the first one with room", five, nil, []load{full, {plain: 36}, {plain: 35}, empty}, 4, 2},
		{"the last place", five, nil, []load{{plain: 35}}, 1, 0},
		{"one stays where it is", five, []int{2}, []load{empty, empty, {plain: 35}}, 3, 2},
		{"one that has outgrown its place moves", five, []int{0}, []load{{plain: 36}, empty}, 2, 1},
		{"a new one", five, nil, []load{full}, 2, 1},
		{"not more than allowed", five, nil, []load{full, full}, 2, -1},
		{"the first one of all", five, nil, nil, 1, 0},
		{"too much for any", load{plain: 41}, nil, []load{empty}, 3, -1},
		{"both listeners count", load{tls: 5}, nil, []load{{tls: 36}}, 1, -1},
		{"the older one's place", five, []int{1, 0}, []load{empty, empty}, 2, 1},
		{"where there is room for both", five, []int{1, 0}, []load{empty, {plain: 36}}, 2, 0},
		{"a load balancer that is not known any more", five, []int{7}, []load{empty}, 1, 0},
		{"members keep new ones away", load{members: 1}, nil, []load{{members: 180}}, 2, 1},
		{"members send nobody away", load{members: 100}, []int{0}, []load{{members: 180}}, 2, 0},
		{"a default certificate and three more", secure("d.com=d"), nil, []load{secure("a.com=a b.com=b c.com=c")}, 1, 0},
		{"a fifth certificate", secure("e.com=e"), nil, []load{secure("a.com=a b.com=b c.com=c d.com=d")}, 1, -1},
		{"more hosts of one certificate", secure("e.com=a"), nil, []load{secure("a.com=a b.com=b c.com=c d.com=d")}, 1, 0},
	} {
		b := budget{limits: slb.DefaultLimits(), most: test.most}
		if got := b.choose(test.need, test.at, test.loads); got != test.want {
			t.Errorf("%s: %d, want %d", test.name, got, test.want)
		}
	}
}

func TestAConfiguredDefaultCertificateTakesNoPlace(t *testing.T) {
	four := secure("a.com=a b.com=b c.com=c d.com=d")
	b := budget{limits: slb.DefaultLimits(), most: 1}
	if !b.fits(four, true) {
		t.Error("the first of four is the default, the others have place")
	}
	b.standard = types.NamespacedName{Name: "other"}
	if b.fits(four, true) {
		t.Error("four besides the default have no place")
	}
	b.standard = types.NamespacedName{Name: "c"}
	if !b.fits(four, true) {
		t.Error("one of the four is the default")
	}
}

func TestLoad(t *testing.T) {
	r := newRoute(coffee, []ingress.Host{
		with(on("a.com", "/tea", "v1=100", "/", "v2=50 v3=50"), withTLS), on("b.com", "/", "v1=100"),
		with(on("b.default", "/", "v1=100"), local),
	}).serve(2)
	got := r.loadOf(ingress.Internet)
	want := load{plain: 3, tls: 2, members: 6, names: []secretName{{host: "a.com", secret: secured}}}
	if diff := cmp.Diff(want, got, cmp.AllowUnexported(load{}, secretName{})); diff != "" {
		t.Errorf("-want +got\n%s", diff)
	}
	if got := r.loadOf(ingress.Intranet); got.plain != 1 || got.members != 2 {
		t.Errorf("inside: %+v", got)
	}
}
