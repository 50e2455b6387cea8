package gateway

import (
	"fmt"
	"testing"

	"k8s.io/apimachinery/pkg/types"

	"github.com/ebb-node/ebb/slb"
)

func secretKey(name string) types.NamespacedName {
	return types.NamespacedName{Namespace: "default", Name: name}
}

func TestRelayMode(t *testing.T) {
	s := newScene(t, func(s *scene) { s.config.Mode = ModeRelay }).start()
	s.revision("a-1", 0, 1)
	var names []string
	for i := range 5 {
		names = append(names, fmt.Sprint("i", i))
		s.apply(knative(names[i], "a-1=100"))
	}
	s.ready(names...)
	for name, ports := range map[string][2]int{"internet": {9000, 9002}, "intranet": {9003, 9005}} {
		s.eventually("listeners of "+name, func() (string, string) {
			var got []string
			a := s.actual(name)
			for _, l := range a.Listeners {
				for _, g := range a.Groups {
					if g.ID == l.GroupID {
						got = append(got, fmt.Sprint(l.Protocol, l.Port, l.Status, show(g.Members)))
					}
				}
			}
			return fmt.Sprint(len(a.Groups), got), fmt.Sprint(2, []string{
				fmt.Sprint(slb.TCP, 80, "running", []string{fmt.Sprintf("eni-relay1:%d=100", ports[0])}),
				fmt.Sprint(slb.TCP, 443, "running", []string{fmt.Sprintf("eni-relay1:%d=100", ports[1])}),
			})
		})
	}
	// The other mode takes over.
	s.stop()
	s.config.Mode = ModeDirect
	s.start()
	s.eventually("rules", func() (string, string) { return fmt.Sprint(len(s.actual("intranet").Listeners[0].Rules)), "15" })
}
